import Synchronization

/// Whether this replica writes what every replica would write alike. Whoever writes asks right before, and lets no write
/// take longer than it leads: then what a former leader began has ended before the next one begins, also where this
/// process was stopped for a while and knows of nothing.
final class Leadership: Sendable {
  /// Of a write where nothing limits it.
  static let unlimited = Duration.seconds(30)
  /// Why a write was not made.
  static let lapsed = "not written, since this replica leads no more"

  private enum Term {
    case none
    case until(ContinuousClock.Instant)
    case always
  }

  private let term: Mutex<Term>

  private init(_ term: Term) { self.term = Mutex(term) }

  /// Of a replica that stands for election.
  convenience init() { self.init(.none) }

  /// Of one that is alone.
  static var always: Leadership { Leadership(.always) }

  /// How long a write that begins now may take; nil where this replica does not lead.
  var remaining: Duration? { remaining(at: .now) }

  func remaining(at now: ContinuousClock.Instant) -> Duration? {
    term.withLock { term in
      switch term {
      case .none: nil
      case .until(let end): now < end ? min(end - now, Self.unlimited) : nil
      case .always: Self.unlimited
      }
    }
  }

  /// Until when this replica leads; nil where it does not.
  func lead(until end: ContinuousClock.Instant?) { term.withLock { $0 = end.map(Term.until) ?? .none } }
}

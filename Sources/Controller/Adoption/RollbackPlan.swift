import MetricsAPI
import YAML

/// What is to be done to have the former APIServices again, as a value apart from doing it.
struct RollbackPlan: Sendable {
  enum Step: Sendable, Equatable {
    case restore(YAMLValue)
    case delete
    /// It is as it was.
    case nothing
    /// Somebody else has taken it meanwhile, who may count on it.
    case refused(APIServiceState.Owner)
  }

  let steps: [(version: MetricsGroupVersion, step: Step)]

  /// `states` are the present ones. `isForced` takes APIServices from whoever has them.
  init(_ file: RollbackFile, _ states: [APIServiceState], router: RouterAddress, isForced: Bool) throws(AdoptionError) {
    var steps: [(version: MetricsGroupVersion, step: Step)] = []
    for version in file.versions {
      guard let state = states.first(where: { $0.version == version }) else { continue }
      let former = try APIServiceState(version, file.former[version])
      let mayBeTaken = isForced || state.owner == .nobody || state.isOwned(by: router) || state.owner == former.owner
      if try state.restorable?.manifest() == former.restorable?.manifest() {
        steps.append((version, .nothing))
      } else if !mayBeTaken {
        steps.append((version, .refused(state.owner)))
      } else {
        steps.append((version, former.restorable.map(Step.restore) ?? .delete))
      }
    }
    self.steps = steps
  }

  var refusals: [String] {
    steps.compactMap { version, step in
      guard case .refused(let owner) = step else { return nil }
      return "APIService \(version.apiServiceName) belongs to \(owner) now, which is neither the router nor its former"
        + " owner; --force takes it nevertheless"
    }
  }

  /// What would be done, a line for each.
  func text() throws(AdoptionError) -> String {
    var text = ""
    for (version, step) in steps {
      let name = "APIService \(version.apiServiceName)"
      switch step {
      case .nothing: text += "\(name): is as it was\n"
      case .delete: text += "\(name): would be deleted, as it did not exist\n"
      case .restore(let document):
        text += "\(name): would be given back to \(try APIServiceState(version, document).owner)\n"
      case .refused: break
      }
    }
    return text + refusals.map { "Problem: \($0)\n" }.joined()
  }
}

import FoundationEssentials
import MetricsAPI

/// The values of a list of either group, each under the item that it belongs to: the object that a custom metric describes,
/// or the labels of an external one. When they were measured is left out.
struct MetricValues: Sendable, Equatable {
  struct Value: Sendable, Equatable {
    /// As it was written.
    let text: String
    let quantity: Quantity
  }

  /// Why a body has no values in it.
  enum Failure: Error, Sendable, Equatable {
    case notJSON(offset: Int)
    /// An item lacks what it must have, or has it in another form.
    case malformed
    case quantity(QuantityError)
  }

  private let group: MetricsGroup
  /// Several values of one item are sorted, so that their order does not count.
  private let values: [String: [Value]]

  /// Reads a list of `group`, of any version.
  init(_ body: [UInt8], _ group: MetricsGroup) throws(Failure) {
    do throws(JSONScanner.Failure) {
      // Bounds its depth before it is decoded.
      try JSONScanner.validate(body[...])
    } catch {
      throw .notJSON(offset: error.offset)
    }
    guard let list = try? JSONDecoder().decode(List.self, from: Data(body)) else { throw .malformed }
    var values: [String: [Value]] = [:]
    for item in list.items ?? [] {
      guard let key = group == .custom ? item.describedObject?.key : Self.key(item.metricLabels ?? [:]) else {
        throw .malformed
      }
      do throws(QuantityError) {
        values[key, default: []].append(Value(text: item.value.text, quantity: try Quantity(item.value.text)))
      } catch {
        throw .quantity(error)
      }
    }
    self.group = group
    self.values = values.mapValues { values in
      values.sorted { $0.quantity.doubleValue < $1.quantity.doubleValue }
    }
  }

  /// Each item that either has, in a fixed order, with the value of each; nil where it has none.
  ///
  /// Adapters label one and the same external metric in different ways, and autoscalers look at the values alone: where
  /// both have a single value, these are a pair whatever their labels.
  func paired(with other: MetricValues) -> [(item: String, left: Value?, right: Value?)] {
    if group == .external, let left = only, let right = other.only { return [(left.item, left.value, right.value)] }
    var pairs: [(item: String, left: Value?, right: Value?)] = []
    for item in Set(values.keys).union(other.values.keys).sorted() {
      let (left, right) = (values[item] ?? [], other.values[item] ?? [])
      for index in 0..<max(left.count, right.count) {
        pairs.append((item, index < left.count ? left[index] : nil, index < right.count ? right[index] : nil))
      }
    }
    return pairs
  }

  private var only: (item: String, value: Value)? {
    guard values.count == 1, let (item, values) = values.first, values.count == 1 else { return nil }
    return (item, values[0])
  }

  private static func key(_ labels: [String: String]) -> String {
    labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
  }

  // MARK: On the wire

  private struct List: Decodable {
    var items: [Item]?
  }

  private struct Item: Decodable {
    var describedObject: Object?
    var metricLabels: [String: String]?
    var value: QuantityText
  }

  private struct Object: Decodable {
    var kind: String?
    var namespace: String?
    var name: String

    /// Without the version of its API, of which adapters make different things.
    var key: String { "\(kind ?? "") \(namespace.map { "\($0)/" } ?? "")\(name)" }
  }

  /// Kubernetes takes a number for a quantity too.
  private struct QuantityText: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self.text = text
      } else if let number = try? container.decode(Int64.self) {
        text = "\(number)"
      } else {
        text = "\(try container.decode(Double.self))"
      }
    }
  }
}

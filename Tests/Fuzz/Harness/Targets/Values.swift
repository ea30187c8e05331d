@testable import MetricsAPI
@testable import metrics_router_server

extension FuzzTarget {
  /// Lists of values: their translation from one version into the other, and what a shadow's comparison reads of them.
  static let values = FuzzTarget(name: "values", maximumLength: 4096) { input in
    let body = Array(input)
    let isEmpty = try? MetricValueList.isEmpty(body)
    for version in MetricsGroup.custom.versions {
      guard let translated = try? MetricValueListTranslation.translate(body, to: version) else { continue }
      check(translated, of: body, in: version)
      require((try? MetricValueList.isEmpty(translated)) == isEmpty, "a list is empty in both versions or in none")
    }
    checkComparison(body)
    if let text = String(validating: body, as: UTF8.self), let quantity = try? Quantity(text) {
      require(quantity.doubleValue.isFinite, "a quantity is a number: \(text)")
      require(quantity.relativeDifference(to: quantity) == 0, "a quantity is as large as itself: \(text)")
    }
  }

  private static func check(_ translated: [UInt8], of body: [UInt8], in version: MetricsGroupVersion) {
    require(count(translated) == count(body), "no item is lost or made up")
    guard (try? MetricValueListTranslation.translate(translated, to: version)) == translated else {
      broken("what was translated is of the version asked for")
    }
    guard let other = MetricsGroup.custom.versions.first(where: { $0 != version }) else { return }
    // A list of the version asked for is passed on unread.
    guard let back = try? MetricValueListTranslation.translate(translated, to: other) else {
      return require(translated == body, "what was translated can be translated back")
    }
    guard let again = try? MetricValueListTranslation.translate(back, to: version) else {
      broken("what was translated back can be translated again")
    }
    if translated != body { require(again == translated, "a translation there and back changes nothing") }
    require(quantities(back) == quantities(body), "no value changes")
  }

  private static func count(_ body: [UInt8]) -> Int? {
    guard let items = try? JSONScanner.fields(body[...])["items"] else { return 0 }
    return items.elementsEqual("null".utf8) ? 0 : try? JSONScanner.elements(items).count
  }

  /// The bytes of each item's value.
  private static func quantities(_ body: [UInt8]) -> [[UInt8]] {
    guard let items = try? JSONScanner.fields(body[...])["items"], let list = try? JSONScanner.elements(items) else {
      return []
    }
    return list.map { item in
      guard let fields = try? JSONScanner.fields(item), let value = fields["value"] else { return [] }
      return Array(value)
    }
  }

  private static func checkComparison(_ body: [UInt8]) {
    for group in [MetricsGroup.custom, .external] {
      guard let values = try? MetricValues(body, group) else { continue }
      for pair in values.paired(with: values) {
        guard let left = pair.left, let right = pair.right else { broken("each value has itself for a partner") }
        require(left.quantity == right.quantity, "a list is as large as itself")
      }
    }
  }
}

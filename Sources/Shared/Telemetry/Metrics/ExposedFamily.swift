/// What is exposed of one family at a scrape.
protocol ExposedFamily: Sendable {
  var description: MetricDescription { get }
  func expose(into exposition: inout Exposition)
}

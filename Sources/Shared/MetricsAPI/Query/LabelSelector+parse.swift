extension LabelSelector {
  /// Reads `text`; empty is the selector of everything. Every key and value is checked as Kubernetes checks labels.
  package static func parse(_ text: String) throws(SelectorError) -> LabelSelector {
    var parser = SelectorParser(text)
    return LabelSelector(requirements: try parser.requirements())
  }
}

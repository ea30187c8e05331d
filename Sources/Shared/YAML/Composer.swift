/// Builds values from events: resolves anchors and tags, and keeps every bound.
struct Composer {
  /// A node with what it costs: how deep it nests, and how much it weighs once every alias in it is written out.
  private struct Node {
    var value: YAMLValue
    var height = 0
    var weight = 1
  }

  private let parser: EventParser
  private let limits: YAML.Limits
  private var anchors: [String: Node] = [:]
  private var weight = 0

  init(_ parser: EventParser, limits: YAML.Limits) {
    self.parser = parser
    self.limits = limits
  }

  /// The next document, nil after the last one.
  mutating func document() throws(YAMLError) -> YAMLValue? {
    guard case .documentStart = try parser.next().event else { return nil }
    anchors = [:]
    let (event, place) = try parser.next()
    let node = try node(event, at: place, depth: 0)
    _ = try parser.next()  // The end of the document, which the parser guarantees.
    return node.value
  }

  private mutating func node(
    _ event: EventParser.Event, at place: YAMLError.Place, depth: Int
  ) throws(YAMLError) -> Node {
    switch event {
    case .alias(let anchor):
      guard let node = anchors[anchor] else {
        throw YAMLError("there is no anchor &\(anchor) before this alias", at: place)
      }
      try check(depth: depth + node.height, at: place)
      try add(node.weight, at: place)
      return node
    case .scalar(let scalar):
      let node = Node(value: try Self.resolve(scalar, at: place), weight: scalar.text.utf8.count + 1)
      try add(node.weight, at: place)
      return remember(node, scalar.properties)
    case .sequenceStart(let properties):
      try Self.check(properties.tag, is: "seq", at: place)
      return remember(try sequence(at: place, depth: depth + 1), properties)
    case .mappingStart(let properties):
      try Self.check(properties.tag, is: "map", at: place)
      return remember(try mapping(at: place, depth: depth + 1), properties)
    case .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      throw YAMLError("a value is missing", at: place)
    }
  }

  private mutating func sequence(at start: YAMLError.Place, depth: Int) throws(YAMLError) -> Node {
    try check(depth: depth, at: start)
    try add(1, at: start)
    let before = weight
    var elements: [YAMLValue] = []
    var height = 0
    while true {
      let (event, place) = try parser.next()
      if case .sequenceEnd = event { break }
      let element = try node(event, at: place, depth: depth)
      height = max(height, element.height)
      elements.append(element.value)
    }
    return Node(value: .sequence(elements), height: height + 1, weight: weight - before + 1)
  }

  private mutating func mapping(at start: YAMLError.Place, depth: Int) throws(YAMLError) -> Node {
    try check(depth: depth, at: start)
    try add(1, at: start)
    let before = weight
    var mapping = YAMLMapping()
    var height = 0
    while true {
      let (event, place) = try parser.next()
      if case .mappingEnd = event { break }
      let key = try key(event, at: place)
      let (valueEvent, valuePlace) = try parser.next()
      let value = try node(valueEvent, at: valuePlace, depth: depth)
      height = max(height, value.height)
      guard mapping.insert(key, value.value) else { throw YAMLError("the key \"\(key)\" is there twice", at: place) }
    }
    return Node(value: .mapping(mapping), height: height + 1, weight: weight - before + 1)
  }

  /// Keys are strings as in JSON: `1:` has the key "1".
  private mutating func key(_ event: EventParser.Event, at place: YAMLError.Place) throws(YAMLError) -> String {
    switch event {
    case .scalar(let scalar):
      guard scalar.text != "<<" || !scalar.isPlain else {
        throw YAMLError("merge keys (<<) are not part of YAML 1.2; write the entries out", at: place)
      }
      try add(scalar.text.utf8.count + 1, at: place)
      _ = remember(Node(value: .string(scalar.text), weight: scalar.text.utf8.count + 1), scalar.properties)
      return scalar.text
    case .alias(let anchor):
      guard case .string(let text)? = anchors[anchor]?.value else {
        throw YAMLError("the alias *\(anchor) stands for no string, so it cannot be a key", at: place)
      }
      try add(text.utf8.count + 1, at: place)
      return text
    default: throw YAMLError("a key must be a string", at: place)
    }
  }

  private mutating func remember(_ node: Node, _ properties: EventParser.Properties) -> Node {
    if let anchor = properties.anchor { anchors[anchor] = node }
    return node
  }

  private mutating func add(_ amount: Int, at place: YAMLError.Place) throws(YAMLError) {
    weight += amount
    guard weight <= limits.expandedBytes else {
      throw YAMLError("the text is above \(limits.expandedBytes) bytes once its aliases are written out", at: place)
    }
  }

  private func check(depth: Int, at place: YAMLError.Place) throws(YAMLError) {
    guard depth <= limits.depth else { throw YAMLError("values nest deeper than \(limits.depth) levels", at: place) }
  }
}

extension Composer {
  private static func resolve(_ scalar: EventParser.Scalar, at place: YAMLError.Place) throws(YAMLError) -> YAMLValue {
    guard let tag = scalar.properties.tag else {
      return scalar.isPlain ? try CoreSchema.resolve(scalar.text, at: place) : .string(scalar.text)
    }
    if tag == "!" || tag == "tag:yaml.org,2002:str" { return .string(scalar.text) }
    let value = try CoreSchema.resolve(scalar.text, at: place)
    switch (tag, value) {
    case ("tag:yaml.org,2002:null", .null), ("tag:yaml.org,2002:bool", .bool), ("tag:yaml.org,2002:int", .int),
      ("tag:yaml.org,2002:float", .double):
      return value
    case ("tag:yaml.org,2002:float", .int(let whole)): return .double(Double(whole))
    default: throw YAMLError("\"\(scalar.text)\" cannot be read as \(tag)", at: place)
    }
  }

  private static func check(_ tag: String?, is kind: String, at place: YAMLError.Place) throws(YAMLError) {
    guard let tag, tag != "!", tag != "tag:yaml.org,2002:" + kind else { return }
    throw YAMLError("the tag \(tag) is not understood here", at: place)
  }
}

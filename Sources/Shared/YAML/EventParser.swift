import CYaml

/// libyaml's event parser over bytes in memory. Owns the C parser and a copy of the text it points into.
final class EventParser {
  enum Event {
    case streamEnd
    case documentStart
    case documentEnd
    case alias(anchor: String)
    case scalar(Scalar)
    case sequenceStart(Properties)
    case sequenceEnd
    case mappingStart(Properties)
    case mappingEnd
  }

  /// What may stand before any node: `&anchor` and `!!tag`.
  struct Properties {
    var anchor: String?
    var tag: String?
  }

  struct Scalar {
    var text: String
    var isPlain: Bool
    var properties: Properties
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) throws(YAMLError) {
    parser = .allocate(capacity: 1)
    // With the encoding fixed, libyaml takes a byte order mark for the first character.
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    text = .allocate(capacity: content.count)
    _ = text.initialize(from: content)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.initialize(to: yaml_parser_t())
      throw YAMLError("there is no memory for a parser")
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    text.deallocate()
  }

  /// The next event and where it begins. Not to be called again after `.streamEnd` or an error.
  func next() throws(YAMLError) -> (event: Event, place: YAMLError.Place) {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
      defer { yaml_event_delete(&event) }
      let place = Self.place(event.start_mark)
      switch event.type {
      case YAML_STREAM_END_EVENT: return (.streamEnd, place)
      case YAML_DOCUMENT_START_EVENT: return (.documentStart, place)
      case YAML_DOCUMENT_END_EVENT: return (.documentEnd, place)
      case YAML_ALIAS_EVENT: return (.alias(anchor: Self.string(event.data.alias.anchor) ?? ""), place)
      case YAML_SCALAR_EVENT: return (.scalar(Self.scalar(event)), place)
      case YAML_SEQUENCE_START_EVENT:
        let start = event.data.sequence_start
        return (.sequenceStart(Properties(anchor: Self.string(start.anchor), tag: Self.string(start.tag))), place)
      case YAML_SEQUENCE_END_EVENT: return (.sequenceEnd, place)
      case YAML_MAPPING_START_EVENT:
        let start = event.data.mapping_start
        return (.mappingStart(Properties(anchor: Self.string(start.anchor), tag: Self.string(start.tag))), place)
      case YAML_MAPPING_END_EVENT: return (.mappingEnd, place)
      default: continue  // The start of the stream tells nothing.
      }
    }
  }

  private func failure() -> YAMLError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "cannot be parsed"
    if parser.pointee.error == YAML_READER_ERROR {
      return YAMLError("\(problem) at byte \(parser.pointee.problem_offset)")
    }
    let context = parser.pointee.context.map { " " + String(cString: $0) } ?? ""
    return YAMLError(problem + context, at: Self.place(parser.pointee.problem_mark))
  }

  private static func scalar(_ event: yaml_event_t) -> Scalar {
    let scalar = event.data.scalar
    let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    return Scalar(
      text: String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
      properties: Properties(anchor: string(scalar.anchor), tag: string(scalar.tag)))
  }

  private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }

  private static func place(_ mark: yaml_mark_t) -> YAMLError.Place {
    YAMLError.Place(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}

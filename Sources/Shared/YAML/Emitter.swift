import CYaml

/// libyaml's emitter, writing block style into memory. Owns the C emitter and what it has written.
final class Emitter {
  /// Where libyaml puts its text.
  private final class Output {
    var bytes: [UInt8] = []
    let limit: Int

    init(limit: Int) { self.limit = limit }

    /// False, which ends the emission, where the text would pass the limit.
    func append(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
      guard bytes.count + text.count <= limit else { return false }
      bytes.append(contentsOf: text)
      return true
    }
  }

  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private let output: Output

  /// `limit` bounds the text, in bytes.
  init(limit: Int) throws(YAMLError) {
    output = Output(limit: limit)
    emitter = .allocate(capacity: 1)
    guard yaml_emitter_initialize(emitter) == 1 else {
      emitter.initialize(to: yaml_emitter_t())
      throw YAMLError("there is no memory for an emitter")
    }
    yaml_emitter_set_unicode(emitter, 1)
    // Sound: the emitter calls back only from `emit`, while this object, and so its output, is alive.
    yaml_emitter_set_output(
      emitter,
      { output, text, count in
        guard let output, let text else { return 0 }
        let bytes = UnsafeBufferPointer(start: text, count: count)
        return Unmanaged<Output>.fromOpaque(output).takeUnretainedValue().append(bytes) ? 1 : 0
      }, Unmanaged.passUnretained(output).toOpaque())
  }

  deinit {
    yaml_emitter_delete(emitter)
    emitter.deallocate()
  }

  /// Writes one document, without a marker before it, and returns the text. To be called once.
  func document(_ node: JSONNode) throws(YAMLError) -> [UInt8] {
    try emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
    try emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
    try write(node)
    try emit { yaml_document_end_event_initialize(&$0, 1) }
    try emit { yaml_stream_end_event_initialize(&$0) }
    return output.bytes
  }

  private func write(_ node: JSONNode) throws(YAMLError) {
    switch node {
    case .plain(let text): try scalar(text, style: YAML_PLAIN_SCALAR_STYLE)
    case .string(let text): try string(text)
    case .array(let elements):
      try emit { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE) }
      for element in elements { try write(element) }
      try emit { yaml_sequence_end_event_initialize(&$0) }
    case .object(let entries):
      try emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
      for entry in Self.sorted(entries) {
        try string(entry.key)
        try write(entry.value)
      }
      try emit { yaml_mapping_end_event_initialize(&$0) }
    }
  }

  private func string(_ text: String) throws(YAMLError) {
    let style =
      text.utf8.contains(0x0A)
      ? YAML_LITERAL_SCALAR_STYLE
      : PlainScalar.isAmbiguous(text) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE
    try scalar(Array(text.utf8)[...], style: style)
  }

  private func scalar(_ text: ArraySlice<UInt8>, style: yaml_scalar_style_t) throws(YAMLError) {
    // libyaml counts in 32 bits, and copies what it is given.
    guard let count = Int32(exactly: text.count) else { throw YAMLError("a value of \(text.count) bytes is too long") }
    try emit { event in
      text.withUnsafeBufferPointer { text in
        // An empty buffer may have no address, which libyaml demands.
        guard let start = text.baseAddress, count > 0 else {
          var nothing: UInt8 = 0
          return yaml_scalar_event_initialize(&event, nil, nil, &nothing, 0, 1, 1, style)
        }
        return yaml_scalar_event_initialize(&event, nil, nil, start, count, 1, 1, style)
      }
    }
  }

  private func emit(_ make: (inout yaml_event_t) -> Int32) throws(YAMLError) {
    var event = yaml_event_t()
    guard make(&event) == 1 else { throw YAMLError("there is no memory to write YAML") }
    // Takes the event over, whatever comes of it.
    guard yaml_emitter_emit(emitter, &event) == 1 else { throw failure() }
  }

  private func failure() -> YAMLError {
    if emitter.pointee.error == YAML_WRITER_ERROR {
      return YAMLError("the text would be above \(output.limit) bytes as YAML")
    }
    return YAMLError(emitter.pointee.problem.map { String(cString: $0) } ?? "the value cannot be written as YAML")
  }

  /// By key; of equal keys the last one of the text counts.
  private static func sorted(_ entries: [JSONNode.Entry]) -> [JSONNode.Entry] {
    let ordered = entries.enumerated().sorted { left, right in
      if KeyOrder.precedes(left.element.key, right.element.key) { return true }
      return !KeyOrder.precedes(right.element.key, left.element.key) && left.offset < right.offset
    }
    var result: [JSONNode.Entry] = []
    result.reserveCapacity(entries.count)
    for (_, entry) in ordered {
      if let last = result.last, last.key.utf8.elementsEqual(entry.key.utf8) { result.removeLast() }
      result.append(entry)
    }
    return result
  }
}

import CZlib
import Compression
import Testing

@Suite struct GzipTests {
  private static let text = Array(String(repeating: #"{"name":"pods/foo","verbs":["get"]},"#, count: 10_000).utf8)

  /// Reads one gzip member with zlib, which checks its header, length and checksum.
  private func inflated(_ bytes: [UInt8], capacity: Int) -> [UInt8]? {
    var stream = z_stream()
    guard zlib_shim_inflate_init(&stream, 31) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: capacity + 1)
    let code = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    guard code == Z_STREAM_END, stream.avail_in == 0 else { return nil }
    return Array(output.prefix(Int(stream.total_out)))
  }

  @Test(arguments: 0...9)
  func `What was compressed inflates to what it was`(level: Int) throws {
    let compressed = try Gzip.compress(Self.text, level: level)
    #expect(compressed.starts(with: [0x1F, 0x8B]))
    #expect(inflated(compressed, capacity: Self.text.count) == Self.text)
    if level > 0 { #expect(compressed.count < Self.text.count / 20) }
  }

  @Test func `Nothing, little and what cannot be compressed survive too`() throws {
    var noise = SystemRandomNumberGenerator()
    for bytes in [[], [0x61], (0..<300_000).map { _ in UInt8.random(in: .min ... .max, using: &noise) }] {
      #expect(inflated(try Gzip.compress(bytes), capacity: bytes.count) == bytes)
    }
  }

  @Test func `Equal bytes give equal results`() throws {
    #expect(try Gzip.compress(Self.text) == Gzip.compress(Self.text))
  }

  @Test(arguments: [-1, 10])
  func `A level that gzip does not have is refused`(level: Int) {
    #expect(throws: CompressionError.invalidLevel(level)) { try Gzip.compress([], level: level) }
  }
}

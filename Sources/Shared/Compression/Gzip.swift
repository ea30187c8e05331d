import CZlib

/// The gzip format (RFC 1952), for the content coding of HTTP that bears its name.
package enum Gzip {
  /// Adding 16 to the window of 2^15 bytes asks zlib for gzip's header and trailer.
  private static let windowBits: Int32 = 15 + 16
  private static let memoryLevel: Int32 = 8

  /// Compresses `bytes` as one member, without a file name or time: equal bytes give equal results.
  ///
  /// Level 1 is what API servers use (`pkg/endpoints/handlers/responsewriters` of k8s.io/apiserver): the cheapest, and
  /// discovery documents hardly get smaller above it. Throws where `level` is not 0…9, where there are 4 GiB or more,
  /// and where zlib gets no memory.
  package static func compress(_ bytes: [UInt8], level: Int = 1) throws(CompressionError) -> [UInt8] {
    guard (0...9).contains(level) else { throw .invalidLevel(level) }
    guard let count = UInt32(exactly: bytes.count) else { throw .tooLong(count: bytes.count) }
    var stream = z_stream()
    var code = zlib_shim_deflate_init(&stream, Int32(level), windowBits, memoryLevel)
    guard code == Z_OK else { throw .zlib(code: code) }
    defer { deflateEnd(&stream) }
    guard let bound = UInt32(exactly: deflateBound(&stream, UInt(count))) else { throw .tooLong(count: bytes.count) }

    stream.avail_in = count
    stream.avail_out = bound
    // The bound is larger than the text itself, so the result is copied out of it at its own size.
    let compressed = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(bound)) { output in
      stream.next_out = output.baseAddress
      code = bytes.withUnsafeBufferPointer { input in
        // zlib only reads its input, but its type does not say so.
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        return deflate(&stream, Z_FINISH)
      }
      return Array(output[..<Int(bound - stream.avail_out)])
    }
    // The bound is enough for everything at once, so anything but the end is a failure.
    guard code == Z_STREAM_END else { throw .zlib(code: code) }
    return compressed
  }
}

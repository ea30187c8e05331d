import CCurl
import Glibc

/// Owns one easy handle with the lists and buffers it points into. Confined to the transport's thread.
final class CurlHandle {
  let easy: UnsafeMutableRawPointer
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private var lists: [UnsafeMutablePointer<curl_slist>] = []

  init?() {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(easy)
    lists.forEach { curl_slist_free_all($0) }
    errorBuffer.deallocate()
  }

  /// Forgets every option; connections live in the multi handle and stay.
  func reset() {
    curl_easy_reset(easy)
    lists.forEach { curl_slist_free_all($0) }
    lists = []
  }

  /// Sets everything but the callbacks. Throws where the request cannot be made at all.
  func configure(_ request: CurlRequest) throws(TransportError) {
    let target: ConnectTarget
    do {
      target = try ConnectTarget(url: request.url, serverName: request.tls.serverName, connectTo: request.connectTo)
    } catch {
      throw TransportError(.local, operation: request.operation, message: "the URL cannot be used: \(error.problem)")
    }
    errorBuffer[0] = 0
    do {
      try set(CURLOPT_ERRORBUFFER, pointer: errorBuffer)
      try set(CURLOPT_URL, target.url)
      try configureConnection(request, target)
      try configureTLS(request.tls)
      try configureMessage(request, target)
    } catch {
      throw TransportError(.local, operation: request.operation, message: error.message)
    }
  }

  private func configureConnection(_ request: CurlRequest, _ target: ConnectTarget) throws(CurlOptionError) {
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_QUICK_EXIT, 1)
    try set(CURLOPT_NOPROXY, "")
    try set(CURLOPT_PROXY, request.proxyURL ?? "")
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    // Set again, since handles are reused: with 1 a request waits for the first answer on a connection to the same
    // address, and --connect-to gives many backends one address. One that hangs would then delay the others.
    try set(CURLOPT_PIPEWAIT, 0)
    try CurlOptionError.check(curl_shim_end_silent_connections(easy))
    try set(CURLOPT_TCP_KEEPALIVE, 1)
    try set(CURLOPT_TCP_KEEPIDLE, 30)
    try set(CURLOPT_TCP_KEEPINTVL, 10)
    try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.wholeMilliseconds)
    try set(CURLOPT_CONNECT_TO, list: target.connectTo)
    if request.isAlone {
      try set(CURLOPT_FRESH_CONNECT, 1)
      try set(CURLOPT_FORBID_REUSE, 1)
      try set(CURLOPT_SSL_SESSIONID_CACHE, 0)
    }
  }

  private func configureTLS(_ tls: CurlRequest.TLS) throws(CurlOptionError) {
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try set(CURLOPT_SSL_VERIFYPEER, tls.verifiesServer ? 1 : 0)
    try set(CURLOPT_SSL_VERIFYHOST, tls.verifiesServer ? 2 : 0)
    if let authorities = tls.certificateAuthorities {
      // libcurl would go on to trust the system's folder beside the blob.
      try set(CURLOPT_CAPATH, nil)
      try set(CURLOPT_CAINFO_BLOB, blob: authorities)
    }
    if let certificate = tls.clientCertificate {
      try set(CURLOPT_SSLCERTTYPE, "PEM")
      try set(CURLOPT_SSLCERT_BLOB, blob: certificate.chain)
      try set(CURLOPT_SSLKEYTYPE, "PEM")
      try set(CURLOPT_SSLKEY_BLOB, blob: certificate.key)
    }
  }

  private func configureMessage(_ request: CurlRequest, _ target: ConnectTarget) throws(CurlOptionError) {
    if let body = request.body {
      try set(CURLOPT_POSTFIELDSIZE, body.count)
      let code = body.withUnsafeBytes { bytes in
        // An empty array may have no address, and none would ask libcurl to read the body from standard input.
        bytes.baseAddress.map { curl_shim_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, .init(mutating: $0)) }
          ?? curl_shim_set_string(easy, CURLOPT_COPYPOSTFIELDS, "")
      }
      try CurlOptionError.check(code)
    }
    if request.method != "GET" || request.body != nil { try set(CURLOPT_CUSTOMREQUEST, request.method) }
    if request.method == "HEAD" { try set(CURLOPT_NOBODY, 1) }
    var lines = ["Expect:"]  // An interim answer would only cost a round trip.
    if let host = target.host { lines.append("Host: \(host)") }
    for header in request.headers {
      guard header.isWellFormed else { throw CurlOptionError(message: "the header \"\(header.name)\" is malformed") }
      lines.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
    try set(CURLOPT_HTTPHEADER, list: lines)
  }

  /// What went wrong in libcurl's words, the detailed ones where it has them.
  func message(for code: CURLcode) -> String {
    let detail = String(cString: errorBuffer)
    return detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
  }
}

extension CurlHandle {
  func set(_ option: CURLoption, _ value: Int) throws(CurlOptionError) {
    try CurlOptionError.check(curl_shim_set_long(easy, option, value))
  }

  func set(_ option: CURLoption, _ value: String?) throws(CurlOptionError) {
    if let value, value.utf8.contains(0) { throw CurlOptionError(message: "a setting holds a NUL character") }
    try CurlOptionError.check(curl_shim_set_string(easy, option, value))
  }

  func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) throws(CurlOptionError) {
    try CurlOptionError.check(curl_shim_set_pointer(easy, option, pointer))
  }

  func set(_ option: CURLoption, blob: [UInt8]) throws(CurlOptionError) {
    try CurlOptionError.check(curl_shim_set_blob(easy, option, blob, blob.count))
  }

  func set(_ option: CURLoption, callback: @escaping curl_write_callback) throws(CurlOptionError) {
    try CurlOptionError.check(curl_shim_set_write(easy, option, callback))
  }

  /// As inet_ntop(3) writes it; empty for another family than those of IP.
  static func text(of address: UnsafePointer<sockaddr>) -> String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let (raw, family) = (UnsafeRawPointer(address), Int32(address.pointee.sa_family))
    switch family {
    case AF_INET:
      var value = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
      inet_ntop(family, &value, &text, socklen_t(text.count))
    case AF_INET6:
      var value = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      inet_ntop(family, &value, &text, socklen_t(text.count))
    default: break
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func set(openSocket callback: @escaping curl_opensocket_callback) throws(CurlOptionError) {
    try CurlOptionError.check(curl_shim_set_open_socket(easy, callback))
  }

  private func set(_ option: CURLoption, list lines: [String]) throws(CurlOptionError) {
    guard !lines.isEmpty else { return }
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = curl_slist_append(list, line) else {
        curl_slist_free_all(list)
        throw CurlOptionError(message: "out of memory")
      }
      list = longer
    }
    guard let list else { return }
    lists.append(list)
    try CurlOptionError.check(curl_shim_set_list(easy, option, list))
  }
}

/// A setting libcurl refused.
struct CurlOptionError: Error {
  var message: String

  static func check(_ code: CURLcode) throws(CurlOptionError) {
    guard code != CURLE_OK else { return }
    throw CurlOptionError(message: String(cString: curl_easy_strerror(code)))
  }
}

extension CurlRequest.Header {
  /// No line break or NUL may get into the message head.
  var isWellFormed: Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ";") }
      && value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == UInt8(ascii: "\t") }
  }
}

extension Duration {
  /// At least one, since libcurl takes zero for "no bound".
  var wholeMilliseconds: Int {
    let parts = components
    let milliseconds = parts.seconds.multipliedReportingOverflow(by: 1000)
    guard !milliseconds.overflow, milliseconds.partialValue < Int64(Int32.max) else { return Int(Int32.max) }
    return max(1, Int(milliseconds.partialValue + parts.attoseconds / 1_000_000_000_000_000))
  }
}

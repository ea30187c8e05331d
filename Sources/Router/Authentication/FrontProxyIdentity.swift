import HTTP
import MetricsAPI

/// Reads the user out of a front proxy's header fields (`k8s.io/apiserver/pkg/authentication/request/headerrequest`).
/// The caller has verified the proxy's certificate.
enum FrontProxyIdentity {
  /// Nil where no user header has a value.
  static func user(of headers: HeaderBlock, _ configuration: DelegatedConfiguration) -> UserInfo? {
    guard let name = firstValue(headers, configuration.usernameHeaders) else { return nil }
    var user = UserInfo(name: name, uid: firstValue(headers, configuration.uidHeaders) ?? "")
    for header in configuration.groupHeaders {
      user.groups += headers.all(named: header).map { String(decoding: $0, as: UTF8.self) }
    }
    for prefix in configuration.extraPrefixes {
      for field in headers.all(withPrefix: prefix) {
        let key = unescape(field.name.dropFirst(prefix.utf8.count))
        user.extra[key, default: []].append(String(decoding: field.value, as: UTF8.self))
      }
    }
    return user
  }

  private static func firstValue(_ headers: HeaderBlock, _ names: [String]) -> String? {
    for name in names {
      if let value = headers.all(named: name).first, !value.isEmpty { return String(decoding: value, as: UTF8.self) }
    }
    return nil
  }

  /// Percent-decoding of an extra key; one that is not well-formed is taken as it stands, as upstream does.
  static func unescape(_ key: Substring) -> String {
    var decoded: [UInt8] = []
    var rest = Array(key.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let high = rest.popFirst(), let low = rest.popFirst(), let value = PercentEncoding.byte(high, low) else {
        return String(key)
      }
      decoded.append(value)
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}

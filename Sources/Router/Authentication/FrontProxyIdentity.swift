import HTTP
import MetricsAPI

/// Reads the user out of a front proxy's header fields (`k8s.io/apiserver/pkg/authentication/request/headerrequest`).
/// The caller has verified the proxy's certificate.
enum FrontProxyIdentity {
  /// Nil where no user header has a value, which is no error. Each group header's value is one group, commas included.
  ///
  /// Throws where two extra keys look the same and are not: Swift would take them for one, and another user would be asked
  /// about than the proxy speaks for.
  static func user(
    of headers: HeaderBlock, _ configuration: RequestHeaderConfiguration
  ) throws(AmbiguousExtraKey) -> UserInfo? {
    guard let name = firstValue(headers, configuration.usernameHeaders) else { return nil }
    var groups: [String] = []
    for header in configuration.groupHeaders {
      groups += headers.all(named: header).filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }
    var extra: [String: [String]] = [:]
    for prefix in configuration.extraPrefixes {
      for field in headers.all(withPrefix: prefix) {
        let key = unescape(field.name.dropFirst(prefix.utf8.count))
        if let index = extra.index(forKey: key), !extra[index].key.hasSameBytes(as: key) {
          throw AmbiguousExtraKey(key: key)
        }
        extra[key, default: []].append(String(decoding: field.value, as: UTF8.self))
      }
    }
    let uid = firstValue(headers, configuration.uidHeaders) ?? ""
    return UserInfo(name: name, uid: uid, groups: groups, extra: extra).authenticated
  }

  /// Of each field the first value counts; the next name is looked at where that is empty.
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

/// Two extra keys of one user that differ in their bytes only.
struct AmbiguousExtraKey: Error, CustomStringConvertible {
  var key: String
  var description: String { "the front proxy names the extra key \(key) in two spellings" }
}

import FoundationEssentials

extension MetricsSourceSpec {
  /// The CA bundle as PEM; nil when there is none or it is not base64 of PEM certificates.
  package var caBundlePEM: String? {
    guard let caBundle, let data = Data(base64Encoded: caBundle, options: .ignoreUnknownCharacters),
      let text = String(validating: data, as: UTF8.self),
      let begin = text.firstRange(of: "-----BEGIN CERTIFICATE-----"),
      text[begin.upperBound...].firstRange(of: "-----END CERTIFICATE-----") != nil
    else { return nil }
    return text
  }
}

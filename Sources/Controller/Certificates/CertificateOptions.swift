import Options

/// The flags of the serving certificate that the controller looks after.
struct CertificateOptions: Sendable {
  /// Nil: others look after the certificate.
  var secret: ObjectName?
  var policy: CertificatePolicy
  /// The router's own Service, to which the APIServices point.
  var service: ObjectName
  /// Where the server beside this controller serves metrics.
  var server: Address
  /// How long it may take until every replica serves what the Secret holds.
  var overlap: Duration

  /// Declares the flags. What is returned reads them.
  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) throws(OptionsError) -> CertificateOptions {
    let defaults = CertificatePolicy()
    flags.section("Serving certificate", for: .main)
    let secret = flags.value(
      secretFlag, type: .optionalObjectName, default: nil,
      "The Secret, which must be there, in which this controller keeps the server's certificate and its authority, which it"
        + " makes and renews; the authority goes into the caBundle of the router's APIServices. Nothing for not at all."
    )
    let lifetime = flags.duration(
      "serving-certificate-lifetime", default: defaults.lifetime, in: .seconds(3) ... .seconds(366 * 86_400),
      "How long the server's certificate is good. It is renewed after two thirds of that.")
    let authorityLifetime = flags.duration(
      "serving-ca-lifetime", default: defaults.authorityLifetime, in: .seconds(12) ... .seconds(20 * 366 * 86_400),
      "How long its authority is good, at least three times as long. It is replaced after two thirds of that.")
    let overlap = flags.duration(
      "serving-certificate-overlap", default: .seconds(300), in: .seconds(1) ... .seconds(86_400),
      "How long it may take until every replica serves what the Secret holds, for which kubelet needs up to two minutes:"
        + " for so long an old authority stays trusted.")
    let service = flags.value(
      "serving-certificate-service", type: .objectName,
      default: ObjectName(namespace: "metrics-router", name: "metrics-apiserver"),
      "The router's Service, for whose names the certificate is. An APIService of another one is left alone.")
    let server = flags.address(
      "server-secure-address", default: Address(host: "127.0.0.1", port: 6443),
      "Of the server beside this controller, where it serves metrics: it is asked which certificate it serves before an"
        + " APIService is told to verify it.")

    return { parsed throws(OptionsError) in
      let policy = CertificatePolicy(
        service: parsed[service], lifetime: parsed[lifetime], authorityLifetime: parsed[authorityLifetime])
      try check(policy, overlap: parsed[overlap])
      return CertificateOptions(
        secret: parsed[secret], policy: policy, service: parsed[service], server: parsed[server],
        overlap: parsed[overlap])
    }
  }

  static let secretFlag = "serving-certificate-secret"

  private static func check(_ policy: CertificatePolicy, overlap: Duration) throws(OptionsError) {
    guard policy.lifetime * 3 <= policy.authorityLifetime else {
      throw .invalidValue(
        GoDuration.format(policy.lifetime), origin: "--serving-certificate-lifetime",
        expected:
          "a third of --serving-ca-lifetime (\(GoDuration.format(policy.authorityLifetime))) at most, so that no"
          + " certificate outlives its authority")
    }
    // The certificate that is served when somebody empties the Secret has a third of its life left at least.
    let schedule = CertificateKeeper.Schedule().fitted(to: policy.lifetime)
    let needed = schedule.timeToReplace(overlap: overlap)
    guard needed * 3 <= policy.lifetime else {
      throw .invalidValue(
        GoDuration.format(overlap), origin: "--serving-certificate-overlap",
        expected:
          "less, or a longer --serving-certificate-lifetime (\(GoDuration.format(policy.lifetime))): with"
          + " \(GoDuration.format(schedule.settling)) until API servers know a new authority and three looks at the Secret,"
          + " \(GoDuration.format(schedule.interval)) apart, it makes \(GoDuration.format(needed)), which may be a third of"
          + " that lifetime at most, so that each replica has a new certificate before the old one ends")
    }
  }
}

import Kubernetes

@testable import TLS
@testable import metrics_router_server

extension FuzzTarget {
  /// Certificates and keys in PEM: of the server, of authorities in the cluster's ConfigMap.
  static let pem = FuzzTarget(name: "pem", maximumLength: 4096) { input in
    let bytes = Array(input)
    let certificates = (try? Certificate.parse(pem: bytes, name: "input")) ?? []
    for certificate in certificates {
      _ = (certificate.organizations, certificate.secondsToExpiry)
    }
    let store = try? TrustStore(pem: bytes, name: "input")
    require((store == nil) == certificates.isEmpty, "who can be read can be trusted")
    if let store, let first = certificates.first {
      let opinion = store.reasonToRefuse(clientChain: certificates)
      require(opinion == store.reasonToRefuse(clientChain: certificates), "a chain is judged the same twice")
      require(opinion == nil || !(opinion ?? "").isEmpty, "a refusal has a reason: \(first.commonName)")
    }
    if let serving = try? ServingCertificate(certificatePEM: bytes, keyPEM: bytes, name: "input") {
      let again = try? Certificate.parse(pem: serving.certificatePEM, name: "output")
      require(again?.map(\.commonName) == certificates.map(\.commonName), "a chain is written as it was read")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    let authority = try? DelegatedConfiguration(["client-ca-file": text]).clientAuthority
    require((authority != nil) == !certificates.isEmpty, "an authority where there is a certificate")
  }
}

import EventLoop
import FoundationEssentials
import Kubernetes
import TLS

/// By what API servers are to verify the router, once its APIServices point to it.
enum RouterTrust: Sendable, Equatable {
  /// Where its authority is found.
  enum Origin: Sendable, Equatable {
    case secret(ObjectName)
    case file(String)
  }

  /// A `caBundle`: PEM in base64.
  case bundle(String)
  /// Nobody says, and what to do about it.
  case unknown(String)

  var caBundle: String? { if case .bundle(let bundle) = self { bundle } else { nil } }

  /// Of a Secret the certificates of authorities alone are looked at, those that come and go included.
  static func read(_ origin: Origin, _ client: any APIClient) async throws(AdoptionError) -> RouterTrust {
    switch origin {
    case .file(let path):
      let text: [UInt8]
      do throws(SystemError) {
        text = try FileContent.read(path)
      } catch {
        throw AdoptionError("--router-ca-file: \(error)")
      }
      return try bundle([text], of: path)
    case .secret(let name):
      let advice = "; or give --router-ca-file, where its certificate is from elsewhere"
      let secret: Secret
      do throws(APIError) {
        secret = try await client.get(Secret.self, Secret.path(namespace: name.namespace, name: name.name))
      } catch {
        guard error.code == 404 else {
          throw AdoptionError("reading Secret \(name) with the authority of the router's certificate: \(error)")
        }
        return .unknown(
          "there is no Secret \(name) with the authority of the router's certificate: apply deploy/all-in-one.yaml first\(advice)"
        )
      }
      guard secret.bytes(ServingSecret.Key.authority.rawValue)?.isEmpty == false else {
        return .unknown(
          "Secret \(name) holds no ca.crt yet: the controller makes it where it runs with"
            + " --\(CertificateOptions.secretFlag)=\(name), and its log says what keeps it from that\(advice)")
      }
      let texts = ServingSecret.Key.trusted.compactMap { secret.bytes($0.rawValue) }
      return try bundle(texts.filter { !$0.isEmpty }, of: "Secret \(name)")
    }
  }

  /// Only what is a certificate gets into an APIService.
  private static func bundle(_ texts: [[UInt8]], of origin: String) throws(AdoptionError) -> RouterTrust {
    var pem: [UInt8] = []
    for text in texts {
      do throws(TLSError) {
        pem += try Certificate.parse(pem: text, name: origin).pem
      } catch {
        throw AdoptionError("the authority of the router's certificate: \(error)")
      }
    }
    return .bundle(Data(pem).base64EncodedString())
  }
}

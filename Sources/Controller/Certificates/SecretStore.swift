import FoundationEssentials
import Kubernetes
import TLS

/// Reads and changes the Secret of the serving certificate. No error says anything of what is in it.
struct SecretStore: Sendable {
  enum Trouble: Error, Equatable {
    case absent
    case mayNot(verb: String, cause: String)
    /// Somebody else has written meanwhile.
    case conflict
    case problem(ServingSecret.Problem)
    case failed(verb: String, cause: String, retryAfterSeconds: Int? = nil)
  }

  /// The Secret as it was read.
  struct Content: Sendable {
    var secret: ServingSecret
    /// In base64, as they are stored.
    var stored: [String: String]
    var version: String
  }

  private struct Patch: Encodable {
    struct Metadata: Encodable {
      /// Makes it a conflict where somebody else has written meanwhile.
      var resourceVersion: String
    }

    var metadata: Metadata
    /// Null takes a key away (RFC 7396, section 2).
    var data: [String: String?]
  }

  let client: any APIClient
  let name: ObjectName

  private var path: String { Secret.path(namespace: name.namespace, name: name.name) }

  func read(within timeout: Duration) async throws(Trouble) -> Content {
    let found: Secret
    do throws(APIError) {
      found = try await client.get(Secret.self, path, timeout: timeout)
    } catch {
      throw Self.trouble("get", error)
    }
    return try content(of: found)
  }

  /// Returns the Secret as the write has left it.
  func write(_ secret: ServingSecret, over content: Content, within timeout: Duration) async throws(Trouble) -> Content
  {
    var changes: [String: String?] = [:]
    do throws(TLSError) {
      for key in ServingSecret.Key.allCases {
        let value = try secret[key].map { Data($0).base64EncodedString() }
        if value != content.stored[key.rawValue] { changes[key.rawValue] = .some(value) }
      }
    } catch {
      throw .failed(verb: "patch", cause: "\(error)")
    }
    let patch = Patch(metadata: .init(resourceVersion: content.version), data: changes)
    let found: Secret
    do throws(APIError) {
      found = try await client.patch(Secret.self, path, patch, timeout: timeout)
    } catch {
      throw Self.trouble("patch", error)
    }
    return try self.content(of: found)
  }

  private func content(of found: Secret) throws(Trouble) -> Content {
    do throws(ServingSecret.Problem) {
      let secret = try ServingSecret { key in
        let bytes = found.bytes(key.rawValue)
        return bytes?.isEmpty == true ? nil : bytes
      }
      return Content(secret: secret, stored: found.data ?? [:], version: found.metadata.resourceVersion ?? "")
    } catch {
      throw .problem(error)
    }
  }

  /// What an API server says of a patch that it cannot read may quote it: of such, the code is all that is told.
  private static func trouble(_ verb: String, _ error: APIError) -> Trouble {
    switch error {
    case .status(let status):
      switch status.code {
      case 404: return .absent
      case 409: return .conflict
      case 403: return .mayNot(verb: verb, cause: "\(error)")
      default:
        let reason = status.reason.map { " (\($0))" } ?? ""
        return .failed(
          verb: verb, cause: "the API server answered \(status.code ?? 0)\(reason)",
          retryAfterSeconds: error.retryAfterSeconds)
      }
    case .transport: return .failed(verb: verb, cause: error.timelessDescription)
    case .undecodable: return .failed(verb: verb, cause: "the API server's answer is no Secret")
    }
  }
}

extension SecretStore.Trouble {
  /// For the log: what is wrong with the Secret, and what to do.
  func text(_ name: ObjectName) -> String {
    let goesOn = "; what is served goes on"
    switch self {
    case .absent:
      return
        "there is no Secret \(name), in which the serving certificate is to be kept: apply deploy/all-in-one.yaml, or"
        + " kubectl create secret generic \(name.name) -n \(name.namespace)\(goesOn)"
    case .mayNot(let verb, let cause):
      return
        "this controller may not \(verb) Secret \(name), in which the serving certificate is kept: \(cause). Grant it"
        + " get and patch on that Secret, as the Role metrics-router-serving-certificate does\(goesOn)"
    case .conflict: return "Secret \(name) was changed meanwhile: it is read again"
    case .problem(let problem):
      return
        "Secret \(name) holds what this controller has not made, and is left as it is: \(problem). To have all of it"
        + " made anew: kubectl patch secret \(name.name) -n \(name.namespace) --type=merge -p '{\"data\":null}'. To look"
        + " after the certificate yourself: --\(CertificateOptions.secretFlag)=\(goesOn)"
    case .failed(let verb, let cause, _):
      return "cannot \(verb) Secret \(name), in which the serving certificate is kept; trying again: \(cause)"
    }
  }
}

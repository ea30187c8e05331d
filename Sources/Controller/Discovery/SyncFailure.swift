import Routing

/// Why a source could not be synced: a reason for programs and a message for people.
struct SyncFailure: Error, Sendable, Equatable {
  enum Reason: String, Sendable {
    case invalidSpec = "InvalidSpec"
    case serviceNotFound = "ServiceNotFound"
    case portNotFound = "PortNotFound"
    case externalName = "ExternalName"
    case addressRefused = "AddressRefused"
    case apiServerUnavailable = "APIServerUnavailable"
    case credentialsUnavailable = "CredentialsUnavailable"
    case backendUnreachable = "BackendUnreachable"
    case backendTimeout = "BackendTimeout"
    case backendUntrusted = "BackendUntrusted"
    case backendRefused = "BackendRefused"
    case invalidAnswer = "InvalidAnswer"
  }

  /// In bytes. What a backend says may be in it, and it is written to the API server.
  private static let maximumMessage = 8 * 1024

  let reason: Reason
  let message: String

  init(reason: Reason, message: String) {
    self.reason = reason
    self.message = Quotation.of(message, upTo: Self.maximumMessage)
  }
}

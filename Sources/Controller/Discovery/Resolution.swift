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

  var reason: Reason
  var message: String
}

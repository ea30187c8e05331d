import EventLoop
import Kubernetes
import Telemetry

/// What all workers share to find out who a caller is and what it may do.
struct DelegatedAccess: Sendable {
  let configuration: DelegatedConfigurationHolder
  private let tokens: TokenReviews
  private let access: AccessReviews
  private let alwaysAllowed: AlwaysAllowedPaths

  /// `authentication` reviews tokens, `authorization` access; `observer` is told what becomes of each review.
  init(
    authentication: any APIClient, authorization: any APIClient, configuration: DelegatedConfigurationHolder,
    options: AuthenticationOptions, observer: (any ReviewObserver)? = nil, logger: Logger
  ) {
    self.configuration = configuration
    tokens = TokenReviews(client: authentication, lifetime: options.tokenLifetime, observer: observer)
    access = AccessReviews(
      client: authorization, allowedLifetime: options.allowedLifetime, deniedLifetime: options.deniedLifetime,
      observer: observer, logger: logger)
    alwaysAllowed = options.alwaysAllowedPaths
  }

  /// For one worker, made on its loop.
  func makeAccess(_ loop: EventLoop) -> RouterResponder.Access {
    RouterResponder.Access(
      authenticator: Authenticator(configuration: configuration, reviews: tokens, loop: loop),
      authorizer: Authorizer(reviews: access, alwaysAllowed: alwaysAllowed, loop: loop))
  }
}

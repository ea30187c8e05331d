import HTTP
import MetricsAPI
import Telemetry

/// Who may ask.
extension RouterResponder {
  /// Nil where the caller may do what it asks for; else what it is told.
  func refusal(
    of request: RouterRequest, on connection: ConnectionContext, _ trace: inout RequestTrace
  ) async -> Response? {
    guard let access else { return nil }
    let user: UserInfo
    do throws(Authenticator.Refusal) {
      user = try await access.authenticator.authenticate(request.head, on: connection)
    } catch {
      logger.info(
        "unable to authenticate the request: \(error.reasons.joined(separator: "; "))", v: 1, ["auditID": trace.id])
      trace.isUnidentified = true
      return error.response
    }
    trace.user = user.name
    // A front proxy may speak for nobody in particular, on a connection that it uses for everybody.
    trace.isUnidentified = user.isAnonymous && connection.clientCertificates.isEmpty
    do throws(ReviewFailure) {
      let decision = try await access.authorizer.decide(request, by: user)
      if decision.isAllowed { return nil }
      let attributes = request.path.attributes(method: request.head.method.name, watches: request.target.watches)
      return StatusResponse.forbidden(user, attributes, reason: decision.reason)
    } catch .overloaded {
      return StatusResponse.tooManyReviews()
    } catch {
      // Nobody can say that the caller may: it may not.
      logger.error("SubjectAccessReview failed: \(error)", ["auditID": trace.id])
      return StatusResponse.internalError("unable to authorize the request: the API server could not be asked")
    }
  }
}

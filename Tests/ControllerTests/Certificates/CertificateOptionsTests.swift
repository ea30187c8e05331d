import Options
import Testing

@testable import metrics_router_controller

@Suite struct CertificateOptionsTests {
  private func options(_ arguments: String...) throws -> CertificateOptions {
    guard case .run(let options) = try ControllerOptions.parse(arguments) else {
      throw OptionsError.unexpectedArgument("no run")
    }
    return options.certificates
  }

  private func refusal(_ arguments: String...) -> String {
    do {
      _ = try ControllerOptions.parse(arguments)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func `nothing is looked after unless a Secret is named`() throws {
    #expect(try options().secret == nil)
    #expect(try options("--serving-certificate-secret=").secret == nil)
    #expect(try options("--serving-certificate-secret=ns/name").secret == ObjectName(namespace: "ns", name: "name"))
    #expect(try options().policy == CertificatePolicy())
    #expect(try options().overlap == .seconds(300))
  }

  @Test(arguments: ["name", "ns/", "/name", "ns/na/me", "Ns/name", "ns/-name", "ns/a..b"])
  func `a name that is none is refused`(text: String) {
    #expect(
      refusal("--serving-certificate-secret=\(text)").contains("a namespace and a name with a slash between them"))
  }

  @Test func `lifetimes that do not fit each other are refused with the reason`() throws {
    #expect(refusal("--serving-ca-lifetime=100h").contains("a third of --serving-ca-lifetime (100h) at most"))
    #expect(
      refusal("--serving-certificate-lifetime=10m", "--serving-certificate-overlap=5m").contains(
        "expected less, or a longer --serving-certificate-lifetime (10m): with 5s until API servers know a new authority"
          + " and three looks at the Secret, 5s apart, it makes 5m20s, which may be a third of that lifetime at most"))
  }

  /// Where somebody empties the Secret, the next certificate waits for more than the overlap.
  @Test(arguments: [("16m", "5m", true), ("959s", "5m", false), ("45s", "4s", true), ("45s", "6s", false)])
  func `a lifetime leaves the time to have everything made anew`(lifetime: String, overlap: String, isEnough: Bool) {
    let refusal = refusal(
      "--serving-certificate-lifetime=\(lifetime)", "--serving-ca-lifetime=1h",
      "--serving-certificate-overlap=\(overlap)")
    #expect(refusal.isEmpty == isEnough, "\(refusal)")
  }

  @Test func `without a cluster there is no Secret`() {
    #expect(refusal("--sources=/tmp", "--serving-certificate-secret=ns/name").contains("nothing with --sources"))
  }
}

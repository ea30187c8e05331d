import EventLoop
import Glibc
import HTTP
import TLS

@main enum SampleAdapter {
  static func main() async throws {
    let signals = ProcessSignals.stream()
    let arguments = CommandLine.arguments
    let port = UInt16(arguments[1])!
    var catalog = Catalog()
    catalog.custom["pods/foo"] = "1500m"
    let loop = try EventLoop(name: "adapter")
    let certificate = try ServingCertificate.selfSigned(names: ["localhost", "127.0.0.1"], days: 30)
    let context = try TLSServerContext(certificate: certificate)
    let fixed = catalog
    let server = HTTPServer(loop: loop, tls: { context }) { _ in SampleResponder(catalog: fixed, token: nil) }
    let address = try await server.start(SocketAddress("127.0.0.1", port: port)!)
    print("listening on", address)
    for await signal in signals {
      print("signal", signal)
      break
    }
    await server.drain(until: .now() + .seconds(5))
    loop.stop()
  }
}

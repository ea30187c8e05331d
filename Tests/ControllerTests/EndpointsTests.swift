import Kubernetes
import Telemetry
import Testing

@testable import metrics_router_controller

@Suite struct EndpointsTests {
  private let registry = MetricsRegistry()
  private let readiness = ControllerReadiness()

  private func options(_ arguments: String...) throws -> ControllerOptions {
    guard case .run(let options) = try ControllerOptions.parse(arguments) else {
      throw StartError(description: "these are no options to run by: \(arguments)")
    }
    return options
  }

  private func start(health: String = "127.0.0.1:0", metrics: String) async throws -> Endpoints {
    try await Endpoints.start(
      try options("--health-bind-address", health, "--metrics-bind-address", metrics), readiness, registry)
  }

  private func problem(health: String = "127.0.0.1:0", metrics: String) async -> String? {
    do {
      try await start(health: health, metrics: metrics).stop()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `metrics are served on the loopback unless the flag says otherwise`() throws {
    #expect(try "\(options().metricsAddress)" == "127.0.0.1:8080")
    #expect(try "\(options("--metrics-bind-address=0").metricsAddress)" == "0")
    #expect(try "\(options("--metrics-bind-address", ":9090").metricsAddress)" == ":9090")
    #expect(throws: (any Error).self) { try options("--metrics-bind-address=8080") }
  }

  @Test func `a scrape is answered in the text format, and nothing else is`() async throws {
    registry.counter("a_total", help: "A.").add(3)
    let endpoints = try await start(metrics: "127.0.0.1:0")
    let address = try #require(endpoints.metricsAddress)
    let transport = try CurlTransport()
    let scrape = try await transport.send(CurlRequest("GET", "http://\(address)/metrics"))
    #expect(scrape.status == 200)
    #expect(scrape.head["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    #expect(String(decoding: scrape.body, as: UTF8.self) == "# HELP a_total A.\n# TYPE a_total counter\na_total 3\n")
    #expect(try await transport.send(CurlRequest("GET", "http://\(address)/metrics?name[]=a")).status == 200)
    for path in ["", "/", "/metrics/", "/metricsx", "/readyz"] {
      #expect(try await transport.send(CurlRequest("GET", "http://\(address)\(path)")).status == 404)
    }
    #expect(try await transport.send(CurlRequest("DELETE", "http://\(address)/metrics")).status == 405)
    await transport.shutdown()
    await endpoints.stop()
  }

  @Test func `health has an address of its own, and is served without metrics too`() async throws {
    let endpoints = try await start(metrics: "0")
    #expect(endpoints.metricsAddress == nil)
    let address = try #require(endpoints.healthAddress)
    let transport = try CurlTransport()
    #expect(try await transport.send(CurlRequest("GET", "http://\(address)/healthz")).status == 200)
    #expect(try await transport.send(CurlRequest("GET", "http://\(address)/readyz")).status == 503)
    readiness.set(true)
    #expect(try await transport.send(CurlRequest("GET", "http://\(address)/readyz")).status == 200)
    #expect(try await transport.send(CurlRequest("GET", "http://\(address)/metrics")).status == 404)
    await transport.shutdown()
    await endpoints.stop()
  }

  @Test func `an address that is taken or none is refused with the name of its flag`() async throws {
    let endpoints = try await start(metrics: "127.0.0.1:0")
    let taken = "\(try #require(endpoints.metricsAddress))"
    #expect(await problem(metrics: taken)?.hasSuffix("choose another address by --metrics-bind-address") == true)
    #expect(
      await problem(health: taken, metrics: "0")?.hasSuffix("choose another address by --health-bind-address") == true)
    #expect(
      await problem(metrics: "localhost:0") == "--metrics-bind-address localhost:0: localhost is not an IP address")
    await endpoints.stop()
    #expect(await problem(metrics: taken) == nil)
  }
}

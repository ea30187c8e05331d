// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

func systemLibrary(_ name: String, pkgConfig: String? = nil, package: String? = nil) -> Target {
  .systemLibrary(
    name: name, path: "Sources/Shared/System/\(name)", pkgConfig: pkgConfig,
    providers: package.map { [.apt([$0])] })
}

func shared(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/Shared/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/\(name)Tests",
    swiftSettings: strict)
}

let package = Package(
  name: "metrics-router",
  products: [
    .executable(name: "metrics-router-controller", targets: ["metrics-router-controller"]),
    .executable(name: "metrics-router-server", targets: ["metrics-router-server"]),
  ],
  targets: [
    systemLibrary("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    systemLibrary("COpenSSL", pkgConfig: "openssl", package: "libssl-dev"),
    systemLibrary("CNghttp2", pkgConfig: "libnghttp2", package: "libnghttp2-dev"),
    systemLibrary("CYaml", pkgConfig: "yaml-0.1", package: "libyaml-dev"),
    systemLibrary("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    systemLibrary("CLinux"),

    shared("Options"),
    shared("Telemetry"),
    shared("YAML", "CYaml"),
    shared("Compression", "CZlib"),
    shared("MetricsAPI"),
    shared("Routing", "MetricsAPI", "COpenSSL"),
    shared("EventLoop", "CLinux"),
    shared("TLS", "COpenSSL", "EventLoop"),
    shared("HTTP", "CNghttp2", "TLS", "EventLoop"),
    shared("Kubernetes", "CCurl", "COpenSSL", "YAML"),

    .executableTarget(
      name: "metrics-router-controller",
      dependencies: [
        "EventLoop", "HTTP", "Kubernetes", "MetricsAPI", "Options", "Routing", "Telemetry", "TLS", "YAML",
      ],
      path: "Sources/Controller", swiftSettings: strict),
    .executableTarget(
      name: "metrics-router-server",
      dependencies: [
        "CLinux", "Compression", "EventLoop", "HTTP", "Kubernetes", "MetricsAPI", "Options", "Routing", "Telemetry",
        "TLS", "YAML",
      ],
      path: "Sources/Router", swiftSettings: strict),

    .target(
      name: "AdapterProfiles", dependencies: ["EventLoop", "HTTP", "Routing"],
      path: "Tests/Fixtures/AdapterProfiles", swiftSettings: strict),
    .executableTarget(
      name: "sample-adapter", dependencies: ["AdapterProfiles", "EventLoop", "HTTP", "Kubernetes", "Options", "TLS"],
      path: "Tests/Fixtures/SampleAdapter", swiftSettings: strict),

    .executableTarget(
      name: "table-benchmark", dependencies: ["Compression", "MetricsAPI", "Options", "Routing"],
      path: "Tests/Benchmarks/Table", swiftSettings: strict),

    .target(name: "RequestInfo", path: "Tests/Fuzz/RequestInfo", swiftSettings: strict),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("AdapterProfiles"),
    tests("Options"),
    tests("Telemetry"),
    tests("YAML"),
    tests("Compression", "CZlib"),
    tests("MetricsAPI"),
    tests("Routing", "MetricsAPI"),
    tests("EventLoop", "TestSupport"),
    tests("TLS", "COpenSSL", "EventLoop", "TestSupport"),
    tests("HTTP", "EventLoop", "TestSupport", "TLS"),
    tests("Kubernetes", "TestSupport"),
    .testTarget(
      name: "ControllerTests",
      dependencies: [
        "AdapterProfiles", "metrics-router-controller", "EventLoop", "HTTP", "Kubernetes", "MetricsAPI", "Options",
        "Routing", "Telemetry", "TestSupport", "TLS", "YAML",
      ],
      path: "Tests/ControllerTests", swiftSettings: strict),
    .testTarget(
      name: "RouterTests",
      dependencies: [
        "AdapterProfiles", "metrics-router-server", "EventLoop", "HTTP", "Kubernetes", "MetricsAPI", "Options",
        "RequestInfo", "Routing", "Telemetry", "TestSupport", "TLS", "YAML",
      ],
      path: "Tests/RouterTests", swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzz targets, of no use to any other build: see Tests/Fuzz/README.md. The server is a library there, without its `main`.
if Context.environment["METRICS_ROUTER_FUZZ"] != nil {
  let server = package.targets.first { $0.name == "metrics-router-server" }
  package.products = [.executable(name: "fuzz", targets: ["fuzz"])]
  package.targets.removeAll { $0.type == .test || $0.type == .executable }
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/LibFuzzer"),
    .target(
      name: "metrics-router-server", dependencies: server?.dependencies ?? [], path: "Sources/Router",
      exclude: ["Main.swift"], swiftSettings: strict),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CLibFuzzer", "EventLoop", "HTTP", "Kubernetes", "MetricsAPI", "RequestInfo", "Routing", "TLS", "TestSupport",
        "YAML", "metrics-router-server",
      ],
      path: "Tests/Fuzz/Harness", swiftSettings: strict),
  ]
}

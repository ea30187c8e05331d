import Testing

@testable import EventLoop

@Suite struct SpecialAddressTests {
  @Test(arguments: [
    ("0.0.0.0", SpecialAddress.unspecified), ("0.1.2.3", .unspecified), ("::", .unspecified),
    ("::ffff:0.0.0.0", .unspecified),
    ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("::1", .loopback), ("::ffff:127.0.0.1", .loopback),
    ("::ffff:7f00:1", .loopback), ("::127.0.0.1", .loopback), ("::ffff:0:127.0.0.1", .loopback),
    ("64:ff9b::7f00:1", .loopback), ("2002:7f00:1::", .loopback),
    ("169.254.0.1", .linkLocal), ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal), ("febf:ffff::1", .linkLocal),
    ("::ffff:169.254.169.254", .linkLocal), ("64:ff9b::a9fe:a9fe", .linkLocal), ("2002:a9fe:a9fe::1", .linkLocal),
    ("100.100.100.200", .metadata), ("168.63.129.16", .metadata), ("fd00:ec2::254", .metadata),
    ("fd20:ce::254", .metadata),
    ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("ff02::1", .multicast),
    ("::ffff:224.0.0.1", .multicast),
    ("255.255.255.255", .broadcast), ("::ffff:255.255.255.255", .broadcast),
  ])
  func `what no Service has is told apart, however it is written`(_ text: String, _ kind: SpecialAddress) throws {
    let address = try #require(SocketAddress(text, port: 443))
    #expect(address.special == kind)
    #expect(address.refusal?.contains(kind.rawValue) == true)
    #expect(address.refusal?.contains("--connect-to") == true)
  }

  @Test(arguments: [
    "10.0.0.1", "10.96.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "126.255.255.255", "128.0.0.1", "1.0.0.0",
    "169.253.255.255", "169.255.0.0", "223.255.255.255", "240.0.0.1", "255.255.255.254", "8.8.8.8", "192.0.2.1",
    "fd00::1", "fd00:ec2::253", "2001:db8::1", "fec0::1", "fe00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
    "2002:a00:1::1", "1::1",
  ])
  func `what a Service or a pod may have is dialled`(_ text: String) throws {
    let address = try #require(SocketAddress(text, port: 443))
    #expect(address.special == nil)
    #expect(address.refusal == nil)
  }
}

@Suite struct HostAddressesTests {
  private static let search = ["router.svc.cluster.local", "svc.cluster.local", "cluster.local"]

  private func alias(_ canonical: String?, searchDomains: [String] = search) throws -> String? {
    let address = try #require(SocketAddress("10.0.0.1", port: 0))
    return HostAddresses(addresses: [address], canonicalName: canonical, searchDomains: searchDomains)
      .alias(of: "adapter.ns.svc")
  }

  @Test(arguments: [
    nil, "adapter.ns.svc", "adapter.ns.svc.", "ADAPTER.ns.SVC", "adapter.ns.svc.cluster.local",
    "Adapter.NS.svc.Cluster.local.",
  ])
  func `a name that was completed, or is told in another spelling, is no alias`(_ canonical: String?) throws {
    #expect(try alias(canonical) == nil)
  }

  @Test(arguments: [
    "metadata.google.internal", "localhost", "other.ns.svc.cluster.local", "svc.cluster.local",
    "adapter.ns.svc.example.com", "adapter.ns.svc.cluster.local.example.com", "xadapter.ns.svc.cluster.local",
    "adapter.ns.svc.local", "",
  ])
  func `another name is an alias, even one that begins with the name asked for`(_ canonical: String) throws {
    #expect(try alias(canonical) == canonical)
  }

  @Test func `without search domains only the name itself is no alias`() throws {
    #expect(try alias("adapter.ns.svc", searchDomains: []) == nil)
    #expect(try alias("adapter.ns.svc.cluster.local", searchDomains: []) != nil)
  }

  @Test func `search domains are read as the resolver reads them`() {
    let pod =
      "search router.svc.cluster.local svc.cluster.local\tcluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"
    #expect(SearchDomains.parse(pod) == Self.search)
    #expect(SearchDomains.parse("domain a.example\nsearch b.example c.example\n") == ["b.example", "c.example"])
    #expect(SearchDomains.parse("search b.example\ndomain a.example x") == ["a.example"])
    #expect(SearchDomains.parse("# search a\nnameserver ::1") == [])
    #expect(SearchDomains.parse("search") == [])
  }
}

import MetricsAPI
import Testing

/// What a caller may ask for beside a media type.
@Suite struct RepresentationTests {
  private func slice(_ text: String?) -> ArraySlice<UInt8>? { text.map { Array($0.utf8)[...] } }

  @Test(arguments: [
    "gzip", "GZIP", "deflate, gzip, br", "gzip;q=0.5", " gzip ;q=1", "br;q=1.0,gzip;q=0.001", "gzip;x=0",
    "gzip,gzip;q=0",
    "gzip;x;q=0.1",
  ])
  func `Gzip is taken by who names it`(field: String) {
    #expect(ContentCoding.acceptsGzip(slice(field)))
  }

  @Test(arguments: [
    nil, "", "identity", "*", "gzip;q=0", "gzip; q=0.000", "gzip ; Q=0", "x-gzip", "gzipped", "br, deflate",
    "gzip;q=0,gzip",
    ",,;", "gzip;x=1;q=0",
  ])
  func `Gzip is not taken by others`(field: String?) {
    #expect(!ContentCoding.acceptsGzip(slice(field)))
  }

  @Test(arguments: [
    #""ABC""#, #"W/"ABC""#, "*", #""x", "ABC""#, #""x",W/"ABC" , "y""#, #" "ABC" "#, #""a,b","ABC""#, #"W/"x", "ABC""#,
  ])
  func `A tag is matched weakly, alone or in a list`(field: String) {
    #expect(EntityTag.matches(slice(field), #""ABC""#))
  }

  @Test(arguments: [
    nil, "", " ", "ABC", #""abc""#, #""AB""#, #""ABC"#, #""x,"ABC"#, "W/", "**", #"w/"ABC""#, #"x "ABC""#,
  ])
  func `What is no mention of the tag does not match`(field: String?) {
    #expect(!EntityTag.matches(slice(field), #""ABC""#))
  }

  @Test(
    arguments: [
      (nil, "curl/8.0", true), (nil, "Wget/1.2", true), (nil, "Mozilla/5.0 (X11)", true), (nil, "Mozilla/4.0", false),
      (nil, "kubectl/v1.30", false), (nil, "a curl", false), (nil, "", false), (nil, nil, false),
      (true, "kubectl/v1.30", true), (true, nil, true), (false, "curl/8.0", false),
    ] as [(Bool?, String?, Bool)])
  func `People get indented JSON unless they say otherwise`(query: Bool?, userAgent: String?, expected: Bool) {
    #expect(PrettyJSON.isPretty(query: query, userAgent: slice(userAgent)) == expected)
  }
}

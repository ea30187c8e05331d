import Glibc
import Testing

@testable import Telemetry

@Suite struct CalendarTests {
  @Test func `every tenth of a day of 500 years agrees with the C library`() {
    var disagreements = 0
    for seconds in stride(from: -100 * 31_556_952, to: 400 * 31_556_952, by: 8_641) {
      var time = time_t(seconds)
      var expected = tm()
      gmtime_r(&time, &expected)
      let calendar = LogTime(seconds: seconds).calendar
      let agrees =
        calendar
        == LogTime.Calendar(
          month: Int(expected.tm_mon) + 1, day: Int(expected.tm_mday), hour: Int(expected.tm_hour),
          minute: Int(expected.tm_min), second: Int(expected.tm_sec))
      if !agrees { disagreements += 1 }
    }
    #expect(disagreements == 0)
  }
}

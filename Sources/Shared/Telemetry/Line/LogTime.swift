import Glibc

/// An instant of the wall clock, and the offset that turns it into local time.
package struct LogTime: Sendable, Equatable {
  /// Since 1970-01-01T00:00:00Z.
  package var seconds: Int
  /// Within the second, 0 to 999,999,999.
  package var nanoseconds: Int
  /// East of Greenwich, in seconds.
  package var secondsFromUTC: Int

  package init(seconds: Int, nanoseconds: Int = 0, secondsFromUTC: Int = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
    self.secondsFromUTC = secondsFromUTC
  }

  /// The clock now, in the time zone of the process as klog has it.
  package static func now() -> LogTime {
    var instant = timespec()
    clock_gettime(CLOCK_REALTIME, &instant)
    var local = tm()
    localtime_r(&instant.tv_sec, &local)
    return LogTime(seconds: instant.tv_sec, nanoseconds: instant.tv_nsec, secondsFromUTC: local.tm_gmtoff)
  }

  /// What a klog line shows of an instant.
  struct Calendar: Equatable {
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int
  }

  /// Local date and time in the Gregorian calendar.
  var calendar: Calendar {
    let local = seconds + secondsFromUTC
    let secondOfDay = ((local % 86_400) + 86_400) % 86_400
    let (month, day) = Self.monthAndDay(daysSince1970: (local - secondOfDay) / 86_400)
    return Calendar(
      month: month, day: day, hour: secondOfDay / 3_600, minute: secondOfDay / 60 % 60, second: secondOfDay % 60)
  }

  /// Years are counted from March, so that the leap day is the last of its year and months have a regular length.
  private static func monthAndDay(daysSince1970 days: Int) -> (month: Int, day: Int) {
    let daysIn400Years = 146_097
    let sinceMarch2000 = days - 11_017
    let dayOfCycle = ((sinceMarch2000 % daysIn400Years) + daysIn400Years) % daysIn400Years
    let century = min(dayOfCycle / 36_524, 3)
    let dayOfCentury = dayOfCycle - century * 36_524
    let quadrennium = dayOfCentury / 1_461
    let dayOfQuadrennium = dayOfCentury - quadrennium * 1_461
    var day = dayOfQuadrennium - min(dayOfQuadrennium / 365, 3) * 365
    let lengthsFromMarch = [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29]
    var index = 0
    while day >= lengthsFromMarch[index] {
      day -= lengthsFromMarch[index]
      index += 1
    }
    return (month: (index + 2) % 12 + 1, day: day + 1)
  }
}

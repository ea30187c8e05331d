/// What this build calls itself.
enum BuildVersion {
  static let version = "0.1.0"
}

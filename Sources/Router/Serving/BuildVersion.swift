/// What this build calls itself.
enum BuildVersion {
  static let version = "0.1.0"

  /// The body of `/version`, in the shape of `k8s.io/apimachinery/pkg/version`, indented for everybody as
  /// `k8s.io/apiserver/pkg/server/routes/version.go` does it.
  static let json = Array(
    """
    {
      "major": "0",
      "minor": "1",
      "gitVersion": "v\(version)",
      "gitCommit": "",
      "gitTreeState": "",
      "buildDate": "",
      "goVersion": "",
      "compiler": "swift",
      "platform": "linux"
    }
    """.utf8)
}

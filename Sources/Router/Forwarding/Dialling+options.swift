import EventLoop
import Glibc
import HTTP
import Kubernetes
import Options

extension Dialling {
  /// The file of `--backend-ca-file`, else of the cluster that this pod runs in; nil for the system's authorities.
  static func authorityFile(_ options: BackendOptions) -> AuthorityFile? {
    let inCluster = ClusterConfiguration.serviceAccountFolder + "/ca.crt"
    return (options.access.caFile ?? (access(inCluster, R_OK) == 0 ? inCluster : nil)).map { AuthorityFile(path: $0) }
  }

  static func make(_ options: RouterOptions) throws(StartError) -> Dialling {
    guard let path = authorityFile(options.backends)?.path else {
      return Dialling(options.backends, defaultAuthority: nil)
    }
    do throws(SystemError) {
      return Dialling(options.backends, defaultAuthority: try FileContent.read(path))
    } catch {
      throw StartError("--backend-ca-file: \(error)")
    }
  }

  private init(_ options: BackendOptions, defaultAuthority: [UInt8]?) {
    self.init(
      defaultAuthority: defaultAuthority, connectTo: options.access.connectTo,
      allowsExternalNames: options.access.allowsExternalNames,
      protocols: options.offersHTTP2 ? [HTTPServer.http2, HTTPServer.http1] : [])
  }
}

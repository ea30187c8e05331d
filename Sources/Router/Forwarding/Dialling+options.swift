import EventLoop
import Glibc
import HTTP
import Kubernetes
import Options

extension Dialling {
  /// With the authority of `--backend-ca-file`, else of the cluster that this pod runs in, else the system's.
  static func make(_ options: RouterOptions) throws(StartError) -> Dialling {
    let inCluster = ClusterConfiguration.serviceAccountFolder + "/ca.crt"
    guard let path = options.backends.access.caFile ?? (access(inCluster, R_OK) == 0 ? inCluster : nil) else {
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

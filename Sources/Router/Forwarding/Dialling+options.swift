import EventLoop
import Glibc
import Kubernetes

extension Dialling {
  /// With the authority of `--backend-ca-file`, else of the cluster that this pod runs in, else the system's.
  static func make(_ options: RouterOptions) throws(StartError) -> Dialling {
    let inCluster = ClusterConfiguration.serviceAccountFolder + "/ca.crt"
    guard let path = options.backendCAFile ?? (access(inCluster, R_OK) == 0 ? inCluster : nil) else {
      return Dialling(defaultAuthority: nil, connectTo: options.connectTo)
    }
    do throws(SystemError) {
      return Dialling(defaultAuthority: try FileContent.read(path), connectTo: options.connectTo)
    } catch {
      throw StartError("--backend-ca-file: \(error)")
    }
  }
}

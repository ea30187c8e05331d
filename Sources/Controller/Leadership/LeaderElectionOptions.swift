import FoundationEssentials
import Glibc
import Options

/// The flags of the election of a leader among replicas, named as those of kube-controller-manager.
struct LeaderElectionOptions: Sendable {
  /// `JitterFactor` of client-go: it waits for at most this many retry periods, within which a renewal must fit.
  private static let jitter = 1.2

  var isEnabled: Bool
  var timing: LeaseElection.Timing
  var name: String
  /// Nil: that of the pod, or of the kubeconfig's context.
  var namespace: String?

  /// Declares the flags. What is returned reads them.
  static func declare(
    _ flags: inout FlagSet
  ) -> (ParsedFlags) throws(OptionsError) -> LeaderElectionOptions {
    let defaults = LeaseElection.Timing()
    let bounds = Duration.seconds(1) ... .seconds(3600)
    flags.section("Replicas", for: .main)
    let enabled = flags.bool(
      "leader-elect", default: true,
      "Agree with other replicas by a Lease who writes status and Events; each routes in any case. Without a cluster there"
        + " is nobody to agree with.")
    let duration = flags.duration(
      "leader-elect-lease-duration", default: defaults.leaseDuration, in: bounds,
      "How long others wait for a leader that does not renew its lease before one of them leads; whole seconds.")
    let deadline = flags.duration(
      "leader-elect-renew-deadline", default: defaults.renewDeadline, in: bounds,
      "How long a leader that cannot renew its lease goes on leading; shorter than the lease's duration.")
    let retry = flags.duration(
      "leader-elect-retry-period", default: defaults.retryPeriod, in: .milliseconds(100) ... .seconds(3600),
      "How often the lease is renewed by the leader, and looked at by the others.")
    let name = flags.value(
      "leader-elect-resource-name", type: .subdomain("name"), default: "metrics-router", "The Lease.")
    let namespace = flags.value(
      "leader-elect-resource-namespace", type: .namespace,
      "Where the Lease is; default: the pod's namespace, else that of the kubeconfig's context.")

    return { parsed throws(OptionsError) in
      let timing = LeaseElection.Timing(
        leaseDuration: parsed[duration], renewDeadline: parsed[deadline], retryPeriod: parsed[retry])
      try check(timing)
      return LeaderElectionOptions(
        isEnabled: parsed[enabled], timing: timing, name: parsed[name], namespace: parsed[namespace])
    }
  }

  private static func check(_ timing: LeaseElection.Timing) throws(OptionsError) {
    func refuse(_ flag: String, _ value: Duration, _ expected: String) -> OptionsError {
      .invalidValue(GoDuration.format(value), origin: "--leader-elect-\(flag)", expected: expected)
    }
    guard timing.leaseDuration.components.attoseconds == 0 else {
      throw refuse("lease-duration", timing.leaseDuration, "whole seconds, as a Lease counts them")
    }
    guard timing.renewDeadline < timing.leaseDuration else {
      throw refuse(
        "renew-deadline", timing.renewDeadline,
        "less than --leader-elect-lease-duration (\(GoDuration.format(timing.leaseDuration))), so that a leader ends"
          + " before the next begins")
    }
    guard timing.retryPeriod * jitter < timing.renewDeadline else {
      throw refuse(
        "retry-period", timing.retryPeriod,
        "less than --leader-elect-renew-deadline (\(GoDuration.format(timing.renewDeadline))) divided by \(jitter), so"
          + " that a leader can renew in time")
    }
  }

  /// Whose lease to ask for. `inherited` is the namespace of the pod or context.
  func candidacy(inherited: String?) throws(StartError) -> LeaderElector.Candidacy {
    guard let namespace = [namespace, inherited].compactMap({ $0 }).first(where: { !$0.isEmpty }) else {
      throw StartError(
        description: "nobody says in which namespace the Lease \(name) is, by which replicas elect a leader: give"
          + " --leader-elect-resource-namespace, set a namespace in the kubeconfig's context, or turn the election off by"
          + " --leader-elect=false where this is the only replica")
    }
    return LeaderElector.Candidacy(
      namespace: namespace, name: name, identity: "\(Self.hostname)_\(UUID().uuidString.lowercased())")
  }

  /// That of a pod is its name.
  private static var hostname: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

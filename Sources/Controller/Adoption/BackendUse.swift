import Kubernetes
import MetricsAPI
import Routing

/// One backend and all the APIServices that point to it: what a MetricsSource is made of.
struct BackendUse: Sendable {
  let service: ServiceAddress
  /// In the order of the group-versions, at least one.
  let states: [APIServiceState]
  /// The Service itself; nil where it is missing.
  let found: Service?

  /// Those that it answers for now.
  var metricTypes: [MetricsSourceSpec.MetricType] {
    MetricsSourceSpec.MetricType.allCases.filter { type in
      states.contains { MetricsSourceSpec.MetricType($0.version.group) == type }
    }
  }

  /// How the API server verifies the backend: the strictest of its APIServices counts.
  var tls: (caBundle: String?, insecureSkipTLSVerify: Bool) {
    let specs = states.compactMap(\.value?.spec)
    if let bundle = specs.lazy.compactMap(\.caBundle).first(where: { !$0.isEmpty }) { return (bundle, false) }
    return (nil, specs.allSatisfy { $0.insecureSkipTLSVerify == true })
  }

  var tlsDiffers: Bool {
    let settings = states.compactMap {
      $0.value.map { ($0.spec.caBundle ?? "", $0.spec.insecureSkipTLSVerify ?? false) }
    }
    return settings.contains { $0 != settings[0] }
  }

  var recipe: AdapterRecipe? {
    AdapterRecipe.of(
      service,
      [(found?.metadata.labels, found?.metadata.annotations)]
        + states.map { ($0.value?.metadata.labels, $0.value?.metadata.annotations) })
  }

  /// Those of its APIServices into which the adapter itself, and not cert-manager, writes its authority.
  func renewedAuthorities(_ recipe: AdapterRecipe?) -> [MetricsGroupVersion] {
    guard recipe?.renewsAuthority == true else { return [] }
    return states.filter { !$0.hasInjectedAuthority }.map(\.version)
  }

  /// What the person who applies the manifest should know.
  func comments(_ recipe: AdapterRecipe?) -> [String] {
    var comments = [
      "\(service) owns " + states.map(\.version.apiServiceName).joined(separator: ", ")
        + (recipe.map { "; it looks like \($0.name)." } ?? ".")
    ]
    comments.append(tlsComment(recipe))
    if tlsDiffers { comments.append("Its APIServices verify it in different ways; this is the strictest of them.") }
    guard let recipe else {
      comments.append(
        "The adapter is not known here, so that its list of metrics is believed. Where it lists a placeholder only, the"
          + " source's status.placeholder says so: then give it claims.")
      return comments
    }
    if let reason = recipe.claimsReason, !recipe.claims(of: metricTypes).isEmpty {
      comments.append("claims: \(reason).")
    }
    if let reason = recipe.fallThroughReason { comments.append("fallThrough: \(reason).") }
    return comments
  }

  private func tlsComment(_ recipe: AdapterRecipe?) -> String {
    let (bundle, isInsecure) = tls
    if bundle != nil {
      let injected = states.contains(where: \.hasInjectedAuthority)
      let writer = injected ? "cert-manager" : recipe?.renewsAuthority == true ? recipe?.name : nil
      return "caBundle is its APIService's."
        + (writer.map { " \($0) writes it there: when it writes a new one, it has to be copied here too." } ?? "")
    }
    return isInsecure
      ? "insecureSkipTLSVerify as in its APIService: nobody verifies its certificate so far."
      : "Its APIService names no authority, so that the API server trusts those of its own host. The router trusts the"
        + " cluster's authority instead: give caBundle where the certificate is from another one."
  }
}

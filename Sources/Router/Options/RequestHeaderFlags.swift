import Options

/// The flags `--requestheader-…`: whom to believe that it speaks for others, and in which header fields it does.
struct RequestHeaderFlags: Sendable {
  private let authority: Flag<String?>
  private let allowedNames: Flag<[[String]]>
  private let usernameHeaders: Flag<[[String]]>
  private let uidHeaders: Flag<[[String]]>
  private let groupHeaders: Flag<[[String]]>
  private let extraPrefixes: Flag<[[String]]>

  init(_ flags: inout FlagSet) {
    authority = flags.file(
      "requestheader-client-ca-file",
      "PEM: authorities of front proxies; default: looked up in the cluster, with all of --requestheader-*. Read again"
        + " when it changes.")
    allowedNames = flags.values(
      "requestheader-allowed-names", type: .list("names"),
      "Common names that a front proxy may have, separated by commas; without it, any.")
    usernameHeaders = flags.values(
      "requestheader-username-headers", type: .list("headers"),
      "Header fields in which a front proxy names the user (default x-remote-user).")
    uidHeaders = flags.values(
      "requestheader-uid-headers", type: .list("headers"),
      "Header fields in which a front proxy gives the user's UID (default none).")
    groupHeaders = flags.values(
      "requestheader-group-headers", type: .list("headers"),
      "Header fields in which a front proxy names the user's groups (default x-remote-group).")
    extraPrefixes = flags.values(
      "requestheader-extra-headers-prefix", type: .list("prefixes"),
      "What header fields begin with in which a front proxy says more of the user (default x-remote-extra-).")
  }

  func read(_ parsed: ParsedFlags, into options: inout AuthenticationOptions) {
    options.requestHeaderAuthorityFile = parsed[authority]
    // The first one given takes the place of the default, the next ones are added to it.
    if parsed.isSet(allowedNames) { options.requestHeader.allowedNames = parsed[allowedNames].flatMap { $0 } }
    if parsed.isSet(usernameHeaders) { options.requestHeader.usernameHeaders = parsed[usernameHeaders].flatMap { $0 } }
    if parsed.isSet(uidHeaders) { options.requestHeader.uidHeaders = parsed[uidHeaders].flatMap { $0 } }
    if parsed.isSet(groupHeaders) { options.requestHeader.groupHeaders = parsed[groupHeaders].flatMap { $0 } }
    if parsed.isSet(extraPrefixes) { options.requestHeader.extraPrefixes = parsed[extraPrefixes].flatMap { $0 } }
    let lists = [allowedNames, usernameHeaders, uidHeaders, groupHeaders, extraPrefixes]
    let given = lists.filter { parsed.isSet($0) }.map { "--\($0.name)" }
    if parsed[authority] == nil, !given.isEmpty {
      options.warnings.append(
        "\(given.joined(separator: ", ")): no effect without --requestheader-client-ca-file, the cluster's are used")
    }
    warn(usernameHeaders, options.requestHeader.usernameHeaders, lacks: "X-Remote-User", &options)
    warn(groupHeaders, options.requestHeader.groupHeaders, lacks: "X-Remote-Group", &options)
    warn(extraPrefixes, options.requestHeader.extraPrefixes, lacks: "X-Remote-Extra-", &options)
  }

  /// What kube-aggregator sends must be among those that are looked at.
  private func warn(
    _ flag: Flag<[[String]]>, _ names: [String], lacks name: String, _ options: inout AuthenticationOptions
  ) {
    guard options.requestHeaderAuthorityFile != nil, !names.contains(where: { $0.lowercased() == name.lowercased() })
    else { return }
    options.warnings.append("--\(flag.name) lacks \(name): requests through kube-aggregator will not be understood")
  }
}

import MetricsAPI
import YAML

/// How the APIServices were before an adoption, as a manifest that a person can read and apply too.
struct RollbackFile: Sendable, Equatable {
  /// Names, with a comma between them, of those that did not exist.
  static let absentAnnotation = "metricsrouter.io/absent-before-adoption"

  /// What is to be written to have them again.
  let former: [MetricsGroupVersion: YAMLValue]
  /// Those that did not exist, and are to be deleted.
  let absent: [MetricsGroupVersion]

  init(_ states: [APIServiceState]) {
    former = Dictionary(
      uniqueKeysWithValues: states.compactMap { state in state.restorable.map { (state.version, $0) } })
    absent = states.filter { $0.restorable == nil }.map(\.version)
  }

  private init(former: [MetricsGroupVersion: YAMLValue], absent: [MetricsGroupVersion]) {
    self.former = former
    self.absent = absent
  }

  /// With what `other` says of `versions`, where this one says nothing: those that were adopted before.
  func adding(_ other: RollbackFile, of versions: [MetricsGroupVersion]) -> RollbackFile {
    let missing = versions.filter { former[$0] == nil && !absent.contains($0) }
    var all = former
    for version in missing { all[version] = other.former[version] }
    let gone = absent + missing.filter { other.absent.contains($0) }
    return RollbackFile(former: all, absent: MetricsGroupVersion.allCases.filter { gone.contains($0) })
  }

  /// Whether it says all that `other` does, of whatever version. As text, which has one order of keys.
  func covers(_ other: RollbackFile) throws(AdoptionError) -> Bool {
    for (version, document) in other.former {
      guard let own = former[version], try own.manifest() == document.manifest() else { return false }
    }
    return other.absent.allSatisfy { absent.contains($0) }
  }

  /// Those of which the file says something, in their order.
  var versions: [MetricsGroupVersion] {
    MetricsGroupVersion.allCases.filter { former[$0] != nil || absent.contains($0) }
  }

  /// Whether those who ask for a version that is to be deleted can ask for another one of its group.
  func hasAlternative(to version: MetricsGroupVersion) -> Bool {
    absent.contains(version) && former.keys.contains { $0.group == version.group }
  }

  func text() throws(AdoptionError) -> String {
    var metadata: [(String, YAMLValue)] = []
    if !absent.isEmpty {
      let names = absent.map(\.apiServiceName).joined(separator: ",")
      metadata.append(("annotations", .object([(Self.absentAnnotation, .string(names))])))
    }
    let list = YAMLValue.object([
      ("apiVersion", .string("v1")), ("kind", .string("List")), ("metadata", .object(metadata)),
      ("items", .sequence(MetricsGroupVersion.allCases.compactMap { former[$0] })),
    ])
    return """
      # The APIServices of the metrics APIs as they were before Metrics Router adopted them.
      # To have them again: metrics-router-controller rollback --apply --rollback-file THIS-FILE
      # It also deletes those that did not exist then, which the annotation names.
      \(try list.manifest())
      """
  }

  /// Throws where the text is not one that ``text()`` has written, or speaks of other APIServices.
  init(parsing bytes: [UInt8]) throws(AdoptionError) {
    let documents: [YAMLValue]
    do throws(YAMLError) { documents = try YAML.documents(bytes) } catch { throw AdoptionError("\(error)") }
    guard documents.count == 1, documents[0]["kind"]?.text == "List", let items = documents[0]["items"]?.elements else {
      throw AdoptionError("this is no rollback file of an adoption: it is not one List")
    }
    var former: [MetricsGroupVersion: YAMLValue] = [:]
    for item in items {
      let version = try Self.version(item["metadata"]?["name"]?.text ?? "")
      guard item["kind"]?.text == "APIService", item["spec"] != nil, former.updateValue(item, forKey: version) == nil
      else { throw AdoptionError("items: \(version.apiServiceName) is no APIService, or stands there twice") }
    }
    var absent: [MetricsGroupVersion] = []
    let names = documents[0]["metadata"]?["annotations"]?[Self.absentAnnotation]?.text ?? ""
    for name in names.split(separator: ",") {
      let version = try Self.version(String(name))
      guard former[version] == nil else { throw AdoptionError("\(name) stands among the items, and as absent") }
      absent.append(version)
    }
    self.init(former: former, absent: absent)
  }

  private static func version(_ name: String) throws(AdoptionError) -> MetricsGroupVersion {
    guard let version = MetricsGroupVersion.allCases.first(where: { $0.apiServiceName == name }) else {
      let names = MetricsGroupVersion.allCases.map(\.apiServiceName).joined(separator: ", ")
      throw AdoptionError("\(name.debugDescription) is none of the APIServices that an adoption changes: \(names)")
    }
    return version
  }
}

import FoundationEssentials

extension YAMLValue {
  /// Reads the value as `T`. Throws an error that names the offending field: `clusters[0].cluster.server: …`.
  package func decode<T: Decodable>(_ type: T.Type) throws(YAMLError) -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(json()))
    } catch {
      throw YAMLError((error as? DecodingError)?.fieldAndCause ?? "\(error)")
    }
  }
}

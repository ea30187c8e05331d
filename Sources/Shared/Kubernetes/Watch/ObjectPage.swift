import YAML

/// A page of a list. An item that cannot be read is left out and counted: one strange object must not hide the others.
struct ObjectPage<Object: Decodable>: Decodable {
  struct Metadata: Decodable {
    var resourceVersion: String?
    var `continue`: String?
  }

  private struct Item: Decodable {
    var result: Result<Object, any Error>
    init(from decoder: any Decoder) { result = Result { try Object(from: decoder) } }
  }

  private enum Key: String, CodingKey {
    case metadata
    case items
  }

  var metadata: Metadata
  var objects: [Object] = []
  var unreadable: [String] = []

  init(from decoder: any Decoder) throws {
    let page = try decoder.container(keyedBy: Key.self)
    metadata = try page.decode(Metadata.self, forKey: .metadata)
    // An empty list of Go's is null.
    for item in try page.decodeIfPresent([Item].self, forKey: .items) ?? [] {
      switch item.result {
      case .success(let object): objects.append(object)
      case .failure(let error): unreadable.append((error as? DecodingError)?.fieldAndCause ?? "\(error)")
      }
    }
  }
}

/// One reader of outside input, with what must hold for whatever it is given.
struct FuzzTarget: Sendable {
  /// As `run` and the folders of its corpus name it.
  let name: String
  /// In bytes: enough to reach every bound of the reader, and no more, since long inputs are slow.
  let maximumLength: Int
  /// Called once, before the first input.
  var prepare: @Sendable () -> Void = {}
  /// Traps where the input breaks an invariant.
  let run: @Sendable (UnsafeRawBufferPointer) -> Void

  static let all: [FuzzTarget] = [
    .http1Request, .http1Response, .http2Server, .http2Client, .paths, .selectors, .listings, .values, .snapshots,
    .kubeconfig, .pem, .frontProxy,
  ]
}

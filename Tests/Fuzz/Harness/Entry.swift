// Sound: set before the first input, and only read afterwards.
nonisolated(unsafe) var chosenTarget: FuzzTarget?

/// Called for each input. By this name libFuzzer's own `main` would call it, which is linked and never run.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  chosenTarget?.run(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}

import CLibFuzzer
import Glibc

// The first argument names the target; all others are libFuzzer's.
let name = CommandLine.arguments.dropFirst().first ?? ""
if name == "--list" {
  for target in FuzzTarget.all { print(target.name, target.maximumLength) }
  exit(0)
}
guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
  print("usage: fuzz --list | TARGET [ARGUMENT OF libFuzzer]...")
  exit(2)
}
target.prepare()
chosenTarget = target
var arguments = (CommandLine.arguments.prefix(1) + CommandLine.arguments.dropFirst(2)).map { strdup($0) }
var count = CInt(arguments.count)
arguments.append(nil)
let status = arguments.withUnsafeMutableBufferPointer { buffer in
  var list = buffer.baseAddress
  return LLVMFuzzerRunDriver(&count, &list, fuzzOneInput)
}
exit(status)

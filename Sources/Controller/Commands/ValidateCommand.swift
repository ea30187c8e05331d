import EventLoop
import Glibc

/// `validate FILE...`: reads the files, of which `-` is standard input.
enum ValidateCommand {
  private static let maximumBytes = 16 << 20

  static func run(_ paths: [String], group: String) -> ValidationReport {
    ValidationReport(
      paths.map { path in ValidationReport.File(name: path == "-" ? "standard input" : path, content: read(path)) },
      group: group)
  }

  private static func read(_ path: String) -> Result<[UInt8], ValidationFailure> {
    do throws(SystemError) {
      return .success(path == "-" ? try standardInput() : try FileContent.read(path, limit: maximumBytes))
    } catch {
      return .failure(ValidationFailure(description: "\(error)"))
    }
  }

  private static func standardInput() throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(STDIN_FILENO, &piece, piece.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw SystemError("read standard input")
      }
      bytes += piece[..<count]
      guard bytes.count <= maximumBytes else { throw SystemError("read standard input", code: EFBIG) }
    }
  }
}

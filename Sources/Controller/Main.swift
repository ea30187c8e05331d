import EventLoop
import Glibc
import Options
import Telemetry

@main enum Main {
  static func main() async {
    do throws(OptionsError) {
      switch try ControllerOptions.parse(Array(CommandLine.arguments.dropFirst())) {
      case .answer(let text): Console.output(text)
      case .command(let command): exit(await command.run())
      case .run(let options): await run(options)
      }
    } catch {
      Console.error("\(ControllerOptions.program): \(error)\nSee \(ControllerOptions.program) --help.\n")
      exit(OptionsError.exitCode)
    }
  }

  private static func run(_ options: ControllerOptions) async {
    let logger = Logger.standardError(format: options.loggingFormat, verbosity: options.verbosity)
    do {
      let signals = try ProcessSignals.stream()
      let process = try await ControllerProcess.start(options, logger)
      await process.run(until: signals)
      logger.flush()
    } catch {
      logger.fatal("cannot start: \(error)")
      exit(1)
    }
  }
}

import EventLoop
import Glibc
import Options
import Telemetry

@main enum Main {
  static func main() async {
    let outcome: RouterOptions.Outcome
    do throws(OptionsError) {
      outcome = try RouterOptions.parse(Array(CommandLine.arguments.dropFirst()))
    } catch {
      exit(OptionsError.exitCode, "\(RouterOptions.program): \(error)\nSee \(RouterOptions.program) --help.\n")
    }
    switch outcome {
    case .answer(let text): Console.output(text)
    case .run(let options):
      switch options.task {
      case .serve: await serve(options)
      case .routes, .explain: await show(options)
      }
    }
  }

  private static func serve(_ options: RouterOptions) async {
    let logger = Logger.standardError(format: options.telemetry.loggingFormat, verbosity: options.telemetry.verbosity)
    do {
      let signals = try ProcessSignals.stream()
      let server = try await RouterServer.start(options, logger)
      await server.run(until: signals)
      logger.flush()
    } catch {
      logger.fatal("cannot start: \(error)")
      Glibc.exit(1)
    }
  }

  private static func show(_ options: RouterOptions) async {
    do throws(SnapshotCommandError) {
      let outcome = try await SnapshotCommands.run(options)
      Console.output(outcome.text)
      if !outcome.isGood { Glibc.exit(1) }
    } catch {
      exit(1, "\(RouterOptions.program): \(error)\n")
    }
  }

  private static func exit(_ code: Int32, _ message: String) -> Never {
    Console.error(message)
    Glibc.exit(code)
  }
}

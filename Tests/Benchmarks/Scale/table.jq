# What grows beside what it should hold, as a table of Markdown.
def hundredth: . * 100 | round / 100;
def whole: round;
def of($figure): map(select(.figure == $figure));
def whole_way: .writeSeconds + .readSeconds + .buildSeconds + .swapSeconds;
def row($what; $goal; measured): "| \($what) | \($goal) | \(measured) |";
. as $all
| (of("table") | sort_by(.metrics)) as $tables
| ($tables | map(select(.metrics <= 100000)) | last) as $hundred
| ($tables | last) as $largest
| (of("claims") | max_by(.sources)) as $claims
| (of("idle connections") | group_by(.subject) | map(max_by(.connections)) | map({key: .subject, value: .}) | from_entries) as $idle
| (of("reloads") | sort_by(.label | tonumber)) as $reloads
| (of("swaps") | sort_by(.label | tonumber)) as $swaps
| (of("searches") | sort_by(.label | tonumber)) as $searches
| of("controller")[0] as $controller
| "| what grows | goal | measured |",
  "|---|---:|---:|",
  row("look-up among \($tables[0].metrics) and \($largest.metrics) metrics"; "≤ 1000 ns";
    "\($tables[0].lookupNanoseconds | whole) and \($largest.lookupNanoseconds | whole) ns"),
  row("memory of a metric, over its name"; "≤ 150 bytes"; "\($largest.residentBytesPerMetric | whole) bytes"),
  row("memory of the discovery documents beside it"; "–"; "\($largest.documentResidentBytes / 1048576 | whole) MiB"),
  row("snapshot of \($hundred.metrics) metrics written, read and swapped"; "≤ 0.5 s"; "\($hundred | whole_way | hundredth) s"),
  row("snapshot of \($largest.metrics) metrics written, read and swapped"; "≤ 5 s"; "\($largest | whole_way | hundredth) s"),
  row("p99 at 2,000 requests a second while a table is swapped every 2 s"; "≤ 2 ×";
    "\($swaps[-1].p99Microseconds / $swaps[0].p99Microseconds | hundredth) × (\($swaps[0].p99Microseconds) → \($swaps[-1].p99Microseconds) µs)"),
  row("p99 at 2,000 requests a second while two search the status page"; "≤ 3 ×";
    "\($searches[-1].p99Microseconds / $searches[0].p99Microseconds | hundredth) × (\($searches[0].p99Microseconds) → \($searches[-1].p99Microseconds) µs)"),
  row("look-up among \($claims.sources) sources with claims"; "≤ 2000 ns"; "\($claims.claimNanoseconds | whole) ns"),
  row("memory of an idle connection, \($idle.router.connections) of them, over nginx's"; "≤ 20 KiB";
    "\($idle.router.residentKiBPerConnection - $idle.nginx.residentKiBPerConnection | hundredth) KiB (\($idle.router.residentKiBPerConnection | hundredth) in all)"),
  row("CPU a request at \($reloads[-1].label) reloads a second"; "+ ≤ 10 %";
    "+ \(($reloads[-1].cpuMicrosecondsPerRequest / $reloads[0].cpuMicrosecondsPerRequest - 1) * 100 | whole) %"),
  row("first full table of \($controller.sources) sources × \($controller.metricsPerSource) metrics"; "≤ 10 s"; "\($controller.firstTableSeconds | hundredth) s"),
  row("the controller's memory at its peak"; "≤ 256 MiB"; "\($controller.peakResidentMiB | whole) MiB"),
  row("asking all of them again every 5 min"; "≤ 5 % of a core"; "\($controller.coreShareAt5Minutes * 100 | hundredth) %")

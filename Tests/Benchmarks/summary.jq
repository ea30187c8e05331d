# All runs; of each scenario, label and subject the medians; and the figures that there are goals for.
def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def measured: ["cpuMicrosecondsPerRequest", "requestsPerSecond", "p50Microseconds", "p99Microseconds"];
. as $runs
| [
    $runs | group_by([.scenario, .label, .subject])[]
    | . as $own
    | {
        scenario: .[0].scenario, label: .[0].label, subject: .[0].subject, rounds: length,
        requests: (map(.requests) | add), errors: (map(.errors) | add),
        median: (measured | map({key: ., value: (. as $name | $own | map(.[$name]) | median)}) | from_entries)
      }
  ] as $medians
| def of($scenario; $its_label; $subject):
    first($medians[] | select(.scenario == $scenario and .label == $its_label and .subject == $subject).median);
  def figure($name; $goal; $must; $unit; value): [{name: $name, goal: $goal, must: $must, unit: $unit, measured: value}] | .[];
  def cpu($name; $scenario; $its_label; $subject; $goal; $must):
    figure($name; $goal; $must; "× nginx";
      of($scenario; $its_label; $subject).cpuMicrosecondsPerRequest / of($scenario; $its_label; "nginx").cpuMicrosecondsPerRequest);
  {
    machine: $machine, nginx: $nginx, connections: $connections, secondsPerRound: $seconds,
    figures: [
      cpu("CPU per request, HTTP/1.1 → HTTP/1.1"; "requests"; "http1"; "router"; "≤ 1.0"; "≤ 1.3"),
      cpu("CPU per request, HTTP/2 → HTTP/1.1"; "requests"; "http2"; "router"; "≤ 1.0"; "≤ 1.3"),
      cpu("CPU per request, HTTP/2 → HTTP/2"; "requests"; "http2"; "router_http2"; "≤ 1.0"; "≤ 1.3"),
      cpu("CPU per request that shares its answer, HTTP/1.1"; "requests"; "http1"; "router_coalescing"; ""; ""),
      figure("requests a second, HTTP/1.1"; "≥ 1.0"; ""; "× nginx";
        of("requests"; "http1"; "router").requestsPerSecond / of("requests"; "http1"; "nginx").requestsPerSecond),
      figure("requests a second, HTTP/2"; "≥ 1.0"; ""; "× nginx";
        of("requests"; "http2"; "router").requestsPerSecond / of("requests"; "http2"; "nginx").requestsPerSecond),
      figure("p99 at half of nginx's highest rate"; "≤ 1.2"; ""; "× nginx";
        of("rate"; "half"; "router").p99Microseconds / of("rate"; "half"; "nginx").p99Microseconds),
      cpu("CPU per full handshake"; "handshakes"; "full"; "router"; "≤ 1.1"; ""),
      cpu("CPU per resumed handshake"; "handshakes"; "resumed"; "router"; "≤ 1.1"; ""),
      cpu("CPU per discovery document of 2,000 metrics, HTTP/1.1"; "discovery"; "http1"; "router"; "≤ 1.1"; ""),
      cpu("CPU per discovery document of 2,000 metrics, HTTP/2"; "discovery"; "http2"; "router"; "≤ 1.1"; ""),
      figure("translation of v1beta1 to v1beta2"; "≤ 5"; ""; "µs";
        of("translation"; "translated"; "router").cpuMicrosecondsPerRequest
        - of("translation"; "passed"; "router").cpuMicrosecondsPerRequest),
      figure("two workers against one"; "≥ 1.8"; ""; "× one";
        2 * of("workers"; "all"; "router").cpuMicrosecondsPerRequest
        / of("workers"; "all"; "router_of_two").cpuMicrosecondsPerRequest),
      figure("added p50 at 100 requests a second"; "≤ 300"; ""; "µs";
        of("latency"; "http1"; "router").p50Microseconds - of("latency"; "http1"; "backend").p50Microseconds),
      figure("added p99 at 100 requests a second"; "≤ 1000"; ""; "µs";
        of("latency"; "http1"; "router").p99Microseconds - of("latency"; "http1"; "backend").p99Microseconds)
    ],
    medians: $medians, runs: $runs
  }

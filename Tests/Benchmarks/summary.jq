# All runs, and of each subject the medians.
def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
. as $runs
| {
    machine: $machine, nginx: $nginx, connections: $connections, secondsPerRound: $seconds,
    subjects: [
      $runs | group_by([.load, .subject])[]
      | . as $own
      | {
          subject: .[0].subject, load: .[0].load, rounds: length, requests: (map(.requests) | add), errors: (map(.errors) | add),
          median: (
            ["cpuMicrosecondsPerRequest", "requestsPerSecond", "p50Microseconds", "p99Microseconds"]
            | map({key: ., value: (. as $name | $own | map(.[$name]) | median)}) | from_entries)
        }
    ],
    runs: $runs
  }
| .subjects |= map(
    . as $own
    | [$runs | group_by([.load, .subject])[] | select(.[0].subject == "nginx" and .[0].load == $own.load)][0] as $nginx
    | if $nginx then .cpuRatioToNginx = .median.cpuMicrosecondsPerRequest / ($nginx | map(.cpuMicrosecondsPerRequest) | median)
      else . end)

# All runs, and of each subject the medians.
def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
. as $runs
| {
    machine: $machine, nginx: $nginx, connections: $connections, secondsPerRound: $seconds,
    subjects: [
      $runs | group_by(.subject)[]
      | . as $own
      | {
          subject: .[0].subject, rounds: length, requests: (map(.requests) | add), errors: (map(.errors) | add),
          median: (
            ["cpuMicrosecondsPerRequest", "requestsPerSecond", "p50Microseconds", "p99Microseconds"]
            | map({key: ., value: (. as $name | $own | map(.[$name]) | median)}) | from_entries)
        }
    ],
    runs: $runs
  }
| (.subjects | map({key: .subject, value: .median.cpuMicrosecondsPerRequest}) | from_entries) as $cost
| if $cost.nginx and $cost.router then .cpuRatioToNginx = $cost.router / $cost.nginx else . end

# Two workers beside one. Load and backend take a core of this machine as well, so that what both workers could answer is
# not seen in requests: it is seen in what a request costs while both are at work, and in that both are.
# shellcheck shell=bash

workers_subjects=(router router_of_two)

workers() {
  local subject
  for subject in "${workers_subjects[@]}"; do
    measure workers all "$subject" http1 "${port[$subject]}" "$metric_path" "$(size_of "$work/metric.json")"
  done
}

# What the router adds to an answer's way at 100 requests a second, against asking the backend itself.
# shellcheck shell=bash

latency_subjects=(backend router)

latency() {
  local subject
  for subject in "${latency_subjects[@]}"; do
    measure latency http1 "$subject" paced http1 "${port[$subject]}" "$metric_path" "$(size_of "$work/metric.json")" 100 1
  done
}

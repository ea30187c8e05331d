# How long answers take at half of the rate that nginx reached in this round, over HTTP/1.1.
# shellcheck shell=bash

rate_subjects=(nginx router)

rate() {
  local subject rate
  measure rate highest nginx http1 "${port[nginx]}" "$metric_path" "$(size_of "$work/metric.json")"
  rate=$(jq -s 'map(select(.scenario == "rate" and .label == "highest")) | last | .requestsPerSecond / 2' "$work/runs.jsonl")
  for subject in "${rate_subjects[@]}"; do
    measure rate half "$subject" \
      paced http1 "${port[$subject]}" "$metric_path" "$(size_of "$work/metric.json")" "$rate" "$connections"
  done
}

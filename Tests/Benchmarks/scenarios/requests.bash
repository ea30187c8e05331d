# What a routed request costs, and how many there are in a second, when as many are asked as can be.
# shellcheck shell=bash

requests_subjects=(nginx router router_http2 router_coalescing)

requests() {
  local load subject
  for load in "${loads[@]}"; do
    for subject in "${requests_subjects[@]}"; do
      measure requests "$load" "$subject" "$load" "${port[$subject]}" "$metric_path" "$(size_of "$work/metric.json")"
    done
  done
}

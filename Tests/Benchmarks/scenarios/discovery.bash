# The discovery document of 2,000 metrics, from memory; nginx has the same bytes as a file.
# shellcheck shell=bash

discovery_subjects=(nginx router)

prepare_discovery() {
  mkdir -p "$work/static"
  fetch "${port[router]}" "$discovery_path" "$work/static/discovery.json"
  local count
  count=$(jq '.resources | length' "$work/static/discovery.json")
  ((count == listed_metrics)) || fail "discovery shows $count metrics, not $listed_metrics"
}

discovery() {
  local load subject
  for load in "${loads[@]}"; do
    for subject in "${discovery_subjects[@]}"; do
      measure discovery "$load" "$subject" "$load" "${port[$subject]}" "$discovery_path" \
        "$(size_of "$work/static/discovery.json")"
    done
  done
}

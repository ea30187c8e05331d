# What it costs to read a backend's v1beta1 as v1beta2, beside passing it on.
# shellcheck shell=bash

translation_subjects=(router)

translation() {
  measure translation passed router http1 "${port[router]}" "$former_metric_path" "$(size_of "$work/former-metric.json")"
  # A little shorter: `metric` has one name less.
  measure translation translated router http1 "${port[router]}" "$translated_metric_path" 1024
}

# What the CRD's schema takes and refuses, asked of the API server with the manifests of Tests/Fixtures/Manifests.
# shellcheck shell=bash

# expect_schema - one sentence for each manifest. Nothing is stored: the API server is asked what it would do.
expect_schema() {
  local manifest refusal
  for manifest in Tests/Fixtures/Manifests/bad/*.yaml; do
    refusal=$(sed -n '1s/^# refused: //p' "$manifest")
    expect "The API server refuses $(in_words "$manifest")" \
      fails_with "${refusal:?$manifest does not say why it is refused}" \
      kubectl apply --dry-run=server --validate=false -f "$manifest"
  done
  for manifest in Tests/Fixtures/Manifests/{good,unusable}/*.yaml; do
    expect "The API server takes $(in_words "$manifest")" kubectl apply --dry-run=server -f "$manifest"
  done
}

# in_words FILE - claim-metric-too-long.yaml is "claim metric too long".
in_words() { basename "$1" .yaml | tr - ' '; }

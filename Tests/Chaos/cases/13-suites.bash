# Rows of the matrix that other suites prove: here with what they say at the end. `make test` runs those beside this.
# shellcheck shell=bash

# tests_pass FILTER - of the unit tests.
tests_pass() {
  local status=0
  swift test --no-parallel --filter "$1" > "$work/suite.log" 2>&1 || status=$?
  grep -oE 'Test run with .*' "$work/suite.log" | tail -n 1
  grep -E '^✘|recorded an issue' "$work/suite.log" | cut -c1-300 | head -n 20 || true
  # No test that matches is no proof.
  ((status == 0)) && ! grep -q 'with 0 tests' "$work/suite.log"
}
fuzzers_pass() {
  local status=0
  RUNS=100000 Tests/Fuzz/run > "$work/fuzz.log" 2>&1 || status=$?
  tail -n 1 "$work/fuzz.log"
  return "$status"
}

if is_full; then
  row "10,000 random sequences of watch events" "the final state equals the API server's" tests_pass RandomWatchTests
  row "snapshot truncated at every length, 100,000 bit flips" "0 crashes, 0 accepted, last good kept" tests_pass DamagedSnapshotTests
  row "no certificate, wrong CA, client CA, wrong CN × spellings × paths" "0 accepted" tests_pass HeaderSpoofingTests
  row "100,000 inputs to each fuzzer, address sanitizer" "0 crashes, 0 broken invariants" fuzzers_pass
fi

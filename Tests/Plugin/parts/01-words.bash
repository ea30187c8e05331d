# The command line itself, which asks nobody.
# shellcheck shell=bash

chapter "The command line"

expect "Without a word it says what there is" prints_match 'Commands:.*explain METRIC.*Exit codes' plugin
for name in explain routes check bundle validate adopt rollback completion version; do
  expect "$name has help of its own" prints_match "^Usage:.  kubectl metricsrouter $name.*Flags of every command:" plugin "$name" --help
done
expect "help COMMAND is the same" prints "$(plugin check --help)" plugin help check
expect "A word that is misspelt is told so" fails_with 'unknown command: chek \(did you mean check\?\)' plugin chek
expect "A flag too" fails_with 'unknown flag: --outptu \(did you mean --output\?\)' plugin routes --outptu=json
expect "A flag of another command is no flag here" fails_with 'unknown flag: --ask' plugin routes --ask
for arguments in chek 'routes --outptu=json' 'routes -o xml' 'routes x' explain 'explain a b' 'bundle --tail=x' \
  'completion tcsh' 'explain a --namespace'; do
  read -ra given <<< "$arguments"
  expect "Called wrongly, it exits with 2: $arguments" prints 2 plugin_status "${given[@]}"
done
expect "It is of the same version as the executables" prints_match "^kubectl-metricsrouter $("$products/metrics-router-server" --version | awk '{ print $NF }')" \
  plugin version

# The tables of the plugin beside what the executables take.
# flags_of_executable EXECUTABLE COMMAND SECTION... - the names under these headings.
flags_of_executable() {
  "$products/$1" "$2" --help | awk -v sections="$(IFS='|'; echo "${*:3}")" '
    /^[A-Z].*:$/ { is_in = (sub(/:$/, "") && ("|" sections "|") ~ "\\|" $0 "\\|") }
    is_in && /^  (-.,|   ) --/ { sub(/.*, --|^ +--/, ""); print $1 }' | sort
}
# flags_of_plugin COMMAND - without those of every command.
flags_of_plugin() {
  plugin "$1" --help | awk '/^Flags of every command/ { exit } match($0, /^  (-., )?--[a-z-]+/) { sub(/.*--/, ""); print $1 }' | sort
}
expect "explain takes what the server's takes" prints "$(flags_of_executable metrics-router-server explain Output Explaining)" flags_of_plugin explain
expect "adopt takes what the controller's takes" \
  prints "$(flags_of_executable metrics-router-controller adopt Adoption Adopting MetricsSources | grep -v router-namespace)" flags_of_plugin adopt
expect "rollback too" \
  prints "$(flags_of_executable metrics-router-controller rollback Adoption 'Rolling back' MetricsSources | grep -v router-namespace)" flags_of_plugin rollback

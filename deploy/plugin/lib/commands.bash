# The commands: what each takes, and its help. Completion and the reader of the command line go by these tables. A row of a
# flag is `name|short|placeholder|help`; values of a choice are separated by slashes.
# shellcheck shell=bash

connection_flags='kubeconfig||file|The kubeconfig file; default: KUBECONFIG, else ~/.kube/config.
context||name|The context of the kubeconfig.
cluster||name|The cluster of the kubeconfig.
user||name|The user of the kubeconfig.
as||name|Whom to impersonate.
router-namespace||name|Where the router runs. (default metrics-router)
pod||name|The pod of the router to ask; default: one that is ready.
color||auto/always/never|Whether colours are used; auto: on a terminal, unless NO_COLOR is set.
help|h||Print this and exit.
version|||Print versions and exit.
'

output_flag='output|o|text/wide/json/yaml|How it is written: for people, with more (wide), or for programs. (default text)
'
adoption_flags='apply|||Do it. Without this flag it is only told.
dry-run|||Tell what would be done and change nothing, which is the default.
rollback-file||file|How the APIServices were before. (default ./metrics-router-rollback.yaml)
router-service||name|The Service of the router. (default metrics-apiserver)
router-port||port|The port of that Service. (default 443)
timeout||duration|How long to wait for each MetricsSource, and for each APIService. (default 2m0s)
settle||duration|How long an APIService must stay available to be believed. (default 7s)
grace||duration|How long a version that goes is still answered. (default 30s)
api-group||group|The group of the MetricsSource resource.
'

# In the order in which help lists them.
command_names=(explain routes check bundle validate adopt rollback completion version)

declare -A command_flags=(
  [explain]="namespace|n|name|The namespace asked in; without it, a custom metric is cluster-scoped.
selector|l|labels|The selector of the metric, as metric.selector of an HPA; metricsrouter.io/source=NAME pins.
object||name|The described object to ask about; all by default.
object-selector||labels|The selector of the described objects; custom metrics only.
ask|||Ask each candidate, and show what it says; exits with 1 unless the answer has a value.
$output_flag"
  [routes]=$output_flag
  [check]="strict|||Exit with 1 for warnings, too.
router-service||name|The Service of the router. (default metrics-apiserver)
$output_flag"
  [bundle]="file|f|file|Where it is written. (default ./metrics-router-bundle-TIME.tar.gz)
tail||lines|Lines of each log, from its end. (default 2000)
force|||Replace the file where there is one.
"
  [validate]='api-group||group|The group of the MetricsSource resource.
'
  [adopt]="${adoption_flags}router-ca-secret||namespace/name|The Secret whose ca.crt has signed the router's certificate. (default metrics-router/metrics-router-serving-certificate)
router-ca-file||file|PEM with that authority, in place of the Secret.
overwrite|||Replace a rollback file that is there and says something else.
allow-unrouted|||Go on even where a source has no metric to route.
"
  [rollback]="${adoption_flags}force|||Take APIServices also from others than the router.
delete-sources|||Also delete the MetricsSources that adopt has made.
"
  [completion]=''
  [version]=''
)

declare -A command_words=([explain]=METRIC [validate]=FILE... [completion]=bash/zsh/fish)

declare -A command_summaries=(
  [explain]='Say which source answers METRIC, and why: pods/foo or deployments.apps/foo for a custom metric, foo for an external one.'
  [routes]='Print the routing table: which source answers which metric.'
  [check]='Look at everything that must be right for metrics to be routed, and say what to do where it is not.'
  [bundle]='Collect what a report of a problem needs into a file: states, events, logs, metrics. No Secrets; what looks like one is blotted out.'
  [validate]='Say what the controller would say of the MetricsSources in manifests; - is standard input. Exits with 1 where one is wrong.'
  [adopt]='Make the router answer for the metrics APIs in place of who answers now: tell what would be done, or do it with --apply.'
  [rollback]='Give the metrics APIs back to those who answered before adopt --apply.'
  [completion]='Print a script by which the shell completes commands, flags, metrics and sources.'
  [version]='Print the versions of the plugin, of the local executable, and of those in the cluster.'
)

general_help() {
  echo "Usage:"
  echo "  $program COMMAND [flags]"
  echo
  echo "Asks and examines a metrics router in a cluster."
  echo
  echo "Commands:"
  local name
  for name in "${command_names[@]}"; do
    printf '  %s\n' "$name${command_words[$name]:+ ${command_words[$name]}}"
    fold_text 10 "${command_summaries[$name]}"
  done
  echo
  echo "Flags of every command:"
  print_flags <<< "$connection_flags"
  echo
  echo "Exit codes: 0 all is well, 1 the answer is no, 2 called wrongly, 3 the cluster or a program could not be asked."
}

# command_help COMMAND
command_help() {
  [[ -v command_flags[$1] ]] || unknown_command "$1"
  echo "Usage:"
  echo "  $program $1${command_words[$1]:+ ${command_words[$1]}} [flags]"
  echo
  fold_text 0 "${command_summaries[$1]}"
  if [[ -n ${command_flags[$1]} ]]; then
    echo
    echo "Flags:"
    print_flags <<< "${command_flags[$1]}"
  fi
  echo
  echo "Flags of every command:"
  print_flags <<< "$connection_flags"
}

print_flags() {
  local name short placeholder help
  while IFS='|' read -r name short placeholder help; do
    [[ -n $name ]] || continue
    printf '  %s--%s%s\n' "${short:+-$short, }" "$name" "${placeholder:+ ${placeholder//\//|}}"
    fold_text 10 "$help"
  done
}

# fold_text INDENT TEXT
fold_text() { fold -s -w $((80 - $1)) <<< "$2" | sed "s/^/$(printf "%$1s" '')/; s/ *$//"; }

run_version() {
  echo "kubectl-metricsrouter $plugin_version"
  local program_path
  if program_path=$(controller_program); then printf '%s, here\n' "$("$program_path" --version)"; fi
  if ! find_pod server 2> /dev/null; then
    echo "the cluster's: no router can be asked"
    return 0
  fi
  local container
  for container in controller server; do
    printf '%s, in the cluster\n' "$(in_pod "$container" "metrics-router-$container" --version 2> /dev/null || echo "$container: cannot be asked")"
  done
}

run_completion() { print_completion "${words[0]}"; }

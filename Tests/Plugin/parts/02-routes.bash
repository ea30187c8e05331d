# What is asked of a server in the cluster.
# shellcheck shell=bash

chapter "Who answers what"

expect "routes prints the table" prints_match 'pods/foo +custom,namespaced +prometheus +100 +true .*queues\(50\)' plugin routes
expect "-o wide has more columns" prints_match 'LOSES +SERVICE +TIMEOUT.*custom-metrics/prometheus-metrics-apiserver +10s' plugin routes -o wide
json_routes() { plugin routes -o json | jq -c '[.routes[] | select(.metric == "pods/foo")][0]'; }
expect "-o json is for programs" prints '{"loses":["queues"],"metric":"pods/foo","source":"prometheus","type":"custom,namespaced"}' json_routes
yaml_routes() { plugin routes -o yaml | python3 -c 'import sys, yaml, json; print(json.dumps(yaml.safe_load(sys.stdin), sort_keys=True))' | jq -S .; }
expect "-o yaml says the same" prints "$(plugin routes -o json | jq -S .)" yaml_routes
expect "explain says who answers" prints_match 'answered by prometheus \(priority 100\).*not asked: queues' plugin explain pods/foo -n my-ns
expect "A pin counts" prints_match 'answered by queues .*is named by the selector' plugin explain pods/foo -n my-ns -l metricsrouter.io/source=queues
explained() { plugin explain "$@" -o json | jq -r '[.answeredBy, .findings[0].code, .findings[0].values[0]] | join(" ")'; }
expect "--ask asks the candidates" prints 'queues 200 42' explained queue_length -n my-ns --ask
expect "It exits with what the server's command exits with" prints 1 plugin_status explain nothing -n my-ns --ask
expect "The ready pod was asked" prints_match 'router-0' sort -u "$FAKE/asked"
expect "A namespace without a router is told so" fails_with 'no pod in namespace nowhere has the label' plugin routes --router-namespace=nowhere
expect "That is status 3" prints 3 plugin_status routes --router-namespace=nowhere
expect "A context that is not there is kubectl's to refuse" fails_with 'context "other" does not exist|no context exists' plugin routes --context=other

chapter "On a terminal, and elsewhere"

expect "A terminal gets colours" prints_match '^\^\[\[1mMETRIC' on_terminal routes
expect "A pipe does not" prints_match '^METRIC ' plugin routes
expect "NO_COLOR is respected" prints_match '^METRIC ' env NO_COLOR=1 bash -c "$(declare -f on_terminal); work=$work real_path='$real_path'; on_terminal routes"
expect "--color=never, too" prints_match '^METRIC ' on_terminal routes --color=never
is_colored_in_pipe() { plugin routes --color=always | sed -n '1s/\x1b/^[/gp'; }
expect "--color=always has them in a pipe" prints_match '^\^\[\[1mMETRIC' is_colored_in_pipe
is_colored_json() { on_terminal routes -o json | sed -n 1p; }
expect "What is for programs has none" prints_match '^\{' is_colored_json
slow_routes() { KUBECTL_DELAY=4 on_terminal routes; }
expect "What takes more than two seconds says so, and takes the line back" \
  prints_match 'asking router-0 … [23] s.*\^\[\[K.*METRIC' slow_routes
silent_routes() { KUBECTL_DELAY=3 plugin routes 2> "$work/stderr" > /dev/null && cat "$work/stderr"; }
expect "Elsewhere it is silent" prints '' silent_routes
quick_routes() { on_terminal routes | grep -c 'asking' || true; }
expect "What is quick says nothing" prints 0 quick_routes

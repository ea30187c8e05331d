# Completion: what the shells ask, and what they make of it.
# shellcheck shell=bash

chapter "Completion"

# completed WORD... - candidates, without descriptions.
completed() { PATH=$work/bin:$real_path kubectl_complete-metricsrouter "$@" | cut -f 1; }
expect "Commands" prints $'check\ncompletion\n:4' completed c
expect "Flags of a command" prints $'--selector\n:4' completed explain --sel
expect "Values of a choice" prints $'json\n:4' completed routes -o j
expect "Values behind =" prints $'--output=wide\n:4' completed routes --output=w
expect "Metrics" prints $'pods/foo\n:4' completed explain pods/f
expect "Sources, where a selector pins one" prints $'metricsrouter.io/source=prometheus\nmetricsrouter.io/source=queues\n:4' \
  completed explain foo -l metricsrouter.io/source=
expect "The label of a pin" prints $'app=x,metricsrouter.io/source=\n:6' completed explain foo -l app=x,metr
expect "Namespaces" prints_match 'metrics-router' completed explain foo -n metrics
expect "Contexts" prints $'test\n:4' completed routes --context te
expect "Files" prints ':0' completed validate ''
expect "Shells" prints $'bash\n:4' completed completion b

# in_bash LINE - the line as bash would complete it, by the script.
in_bash() { PATH=$work/bin:$real_path "$here/complete" "$1"; }
expect "bash completes commands" prints rollback in_bash 'kubectl metricsrouter rol'
expect "bash completes flags" prints --namespace in_bash 'kubectl metricsrouter explain pods/foo --name'
expect "bash completes values behind = from where Readline breaks" prints yaml in_bash 'kubectl metricsrouter routes --output=y'
expect "bash completes sources" prints queues in_bash 'kubectl metricsrouter explain x -l metricsrouter.io/source=q'
expect "bash completes metrics" prints queue_length in_bash 'kubectl metricsrouter explain queue_'

# shellcheck disable=SC2016 # A script of fish.
in_fish() { PATH=$work/bin:$real_path fish --no-config -c 'kubectl-metricsrouter completion fish | source; complete -C $argv[1]' "$1" | cut -f 1; }
expect "fish completes commands" prints validate in_fish 'kubectl-metricsrouter val'
expect "fish completes sources" prints_match 'source=queues' in_fish 'kubectl-metricsrouter explain x -l metricsrouter.io/source=q'
# zsh has no way to complete without a terminal: the script is read, and its function is there.
in_zsh() {
  PATH=$work/bin:$real_path zsh -f -c 'autoload -U compinit; compinit -u -d '"$work/zcompdump"'
    source <(kubectl-metricsrouter completion zsh); print $_comps[kubectl-metricsrouter] ${+functions[_kubectl-metricsrouter]}'
}
expect "zsh takes the script" prints '_kubectl-metricsrouter 1' in_zsh

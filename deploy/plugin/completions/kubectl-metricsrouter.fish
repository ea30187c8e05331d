# Completes `kubectl-metricsrouter …` in fish:
#
#   kubectl metricsrouter completion fish | source
#
# `kubectl metricsrouter …` is completed by kubectl's own completion, from 1.26 on.

function __kubectl_metricsrouter_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (kubectl-metricsrouter __complete $words[2..-1] 2>/dev/null)
    set -l directive $lines[-1]
    for line in $lines
        string match -qr '^:[0-9]+$' -- $line; or echo $line
    end
    if test "$directive" = ":0" -a (count $lines) -eq 1
        __fish_complete_path (commandline -ct)
    end
end

complete -c kubectl-metricsrouter -f -a '(__kubectl_metricsrouter_complete)'

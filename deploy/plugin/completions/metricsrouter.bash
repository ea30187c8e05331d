# Completes `kubectl metricsrouter …` and `kubectl-metricsrouter …` in bash:
#
#   source <(kubectl metricsrouter completion bash)      # behind kubectl's own completion, where that is used
#
# kubectl 1.26 and newer completes its plugins itself; this does it for older ones, too.
# shellcheck shell=bash

# _metricsrouter_complete WORD... - of which the last is to be completed.
_metricsrouter_complete() {
  local line directive=0 candidates=()
  while IFS= read -r line; do
    case $line in
      :[0-9]*) directive=${line#:} ;;
      ?*) candidates+=("${line%%$'\t'*}") ;;
    esac
  done < <(kubectl-metricsrouter __complete "$@" 2> /dev/null)
  local current=${!#} ahead
  # Readline breaks words at `=` and `:`; what lies before the last of them is there already.
  ahead=${current%"${current##*[=:]}"}
  [[ $COMP_WORDBREAKS == *=* ]] || ahead=
  COMPREPLY=()
  for line in "${candidates[@]}"; do COMPREPLY+=("${line#"$ahead"}"); done
  if ((directive & 2)); then compopt -o nospace; fi
  if ((directive == 0 && ${#candidates[@]} == 0)); then
    # Names of files.
    mapfile -t COMPREPLY < <(compgen -f -- "${current##*=}")
    compopt -o filenames
  fi
}

# The words up to the cursor, with those joined that Readline has broken at `=` and `:`.
_metricsrouter_words() {
  local index word
  metricsrouter_words=()
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if ((index > 0)) && [[ $word == [=:] || ${COMP_WORDS[index - 1]} == [=:] ]]; then
      metricsrouter_words[${#metricsrouter_words[@]} - 1]+=$word
    else
      metricsrouter_words+=("$word")
    fi
  done
}

_kubectl_metricsrouter() {
  local -a metricsrouter_words
  _metricsrouter_words
  _metricsrouter_complete "${metricsrouter_words[@]:1}"
}

# What kubectl is completed by, save where the plugin is its first word.
_kubectl_with_metricsrouter() {
  if [[ ${COMP_WORDS[1]-} == metricsrouter && $COMP_CWORD -gt 1 ]]; then
    local -a metricsrouter_words
    _metricsrouter_words
    _metricsrouter_complete "${metricsrouter_words[@]:2}"
  elif [[ -n $_metricsrouter_kubectl ]]; then
    "$_metricsrouter_kubectl" "$@"
  fi
}

complete -F _kubectl_metricsrouter kubectl-metricsrouter
_metricsrouter_kubectl=$(complete -p kubectl 2> /dev/null | sed -n 's/.*-F \([^ ]*\).*/\1/p' || true)
[[ $_metricsrouter_kubectl != _kubectl_with_metricsrouter ]] || _metricsrouter_kubectl=
complete -o default -F _kubectl_with_metricsrouter kubectl

# `explain` and `routes`: the server's own commands, in a pod of the cluster.
# shellcheck shell=bash

run_explain() { ask_server explain "${words[0]}"; }

run_routes() { ask_server routes; }

# ask_server COMMAND [WORD] - with the flags of the command.
ask_server() {
  local -a arguments
  mapfile -d '' -t arguments < <(pass_on namespace selector object object-selector ask output)
  choose_pod server
  wait_for "asking $router_pod" in_pod server metrics-router-server "$1" "${arguments[@]}" "${@:2}" | paint
  return "${PIPESTATUS[0]}"
}

# The head of a table, or of an explanation, stands out; what is wrong is red. Text for programs stays as it is.
paint() {
  if [[ -z $plain || ${flags[output]-text} != [tw]* ]]; then
    cat
    return
  fi
  sed -E "1s/.*/$bold&$plain/; s/^(  answered by no source: .*)/$red\1$plain/; s/^(SOURCE +CODE.*)/$bold\1$plain/"
}

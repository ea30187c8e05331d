# `validate`, `adopt` and `rollback`: commands of metrics-router-controller. The last two need the caller's own rights, so
# they run here; `validate` needs none, and runs in the cluster where there is no executable here.
# shellcheck shell=bash

# Prints the path of the executable on this machine; fails where there is none.
controller_program() {
  local program_path=${METRICS_ROUTER_CONTROLLER:-metrics-router-controller}
  command -v "$program_path"
}

run_validate() {
  local -a arguments
  mapfile -d '' -t arguments < <(pass_on api-group)
  local program_path
  if program_path=$(controller_program); then
    "$program_path" validate "${arguments[@]}" "${words[@]}"
    return
  fi
  choose_pod controller
  if ((${#words[@]} > 1)); then
    complain "there is no metrics-router-controller here: the files are validated in $router_pod, as one"
  fi
  joined_files | wait_for "asking $router_pod" in_pod -i controller metrics-router-controller validate "${arguments[@]}" -
}

# One stream of YAML documents.
joined_files() {
  local file
  for file in "${words[@]}"; do
    echo "---"
    if [[ $file == - ]]; then
      cat
    else
      cat -- "$file"
    fi
    echo
  done
}

run_adopt() { change_cluster adopt router-ca-secret router-ca-file overwrite allow-unrouted; }

run_rollback() { change_cluster rollback force delete-sources; }

# change_cluster COMMAND FLAG... - with the flags that both have, and those.
change_cluster() {
  local program_path
  program_path=$(controller_program) || fail 3 "$1 acts with your own rights, so it runs here, and there is no" \
    "metrics-router-controller on the PATH (or where METRICS_ROUTER_CONTROLLER says): install the Debian package, or copy" \
    "it from the image; see docs/cli.md"
  [[ -z ${flags[as]-} ]] || usage_error "--as: $1 cannot impersonate; use a kubeconfig of that user"
  local -a arguments
  mapfile -d '' -t arguments < <(
    pass_on apply dry-run rollback-file router-namespace router-service router-port timeout settle grace api-group "${@:2}")
  if [[ -n ${flags[context]-}${flags[cluster]-}${flags[user]-} ]]; then
    make_kubeconfig
    arguments+=("--kubeconfig=$private/kubeconfig")
  elif [[ -n ${flags[kubeconfig]-} ]]; then
    arguments+=("--kubeconfig=${flags[kubeconfig]}")
  fi
  wait_for "waiting for the cluster" "$program_path" "$1" "${arguments[@]}"
}

# The part of the kubeconfig that was chosen, where nobody else can read it, until this ends.
make_kubeconfig() {
  make_private_folder
  (umask 077 && ask_kubectl config view --raw --minify --flatten > "$private/kubeconfig") \
    || fail 3 "the kubeconfig has no such context"
}

private=

# Sets private: a folder that goes when this ends. In memory where the system has a place for it.
make_private_folder() {
  [[ -z $private ]] || return 0
  local place=${TMPDIR:-/tmp}
  if [[ -n ${XDG_RUNTIME_DIR-} && -w $XDG_RUNTIME_DIR ]]; then place=$XDG_RUNTIME_DIR; fi
  private=$(mktemp -d "$place/kubectl-metricsrouter.XXXXXX")
  trap 'rm -rf "$private"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

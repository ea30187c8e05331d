# `check`: fetches everything that must be right, and has check.jq judge it.
# shellcheck shell=bash

# fetch FILE COMMAND... - the JSON that the command prints, or {"error": what it said}.
fetch() {
  local file=$1
  shift
  if "$@" > "$file" 2> "$file.err" && jq -e . "$file" > /dev/null 2>&1; then return 0; fi
  jq -n --rawfile words "$file.err" '{error: ($words | rtrimstr("\n") | if . == "" then "no answer" else . end)}' > "$file"
}

# gather FOLDER - everything that is judged.
gather() {
  local namespace folder=$1
  namespace=$(router_namespace)
  local get=(ask_kubectl get -o json)
  fetch "$folder/crd" "${get[@]}" crd metricssources.metricsrouter.io.metricsrouter.io
  fetch "$folder/deployments" "${get[@]}" deployments -n "$namespace" -l app.kubernetes.io/name=metrics-router
  fetch "$folder/pods" "${get[@]}" pods -n "$namespace" -l app.kubernetes.io/name=metrics-router
  fetch "$folder/apiservices" "${get[@]}" apiservices
  fetch "$folder/sources" "${get[@]}" metricssources.metricsrouter.io.metricsrouter.io
  fetch "$folder/lease" "${get[@]}" lease metrics-router -n "$namespace"
  fetch "$folder/autoscalers" autoscalers
  fetch "$folder/custom" ask_kubectl get --raw /apis/custom.metrics.k8s.io/v1beta2
  fetch "$folder/external" ask_kubectl get --raw /apis/external.metrics.k8s.io/v1beta1
  local group
  for group in custom external; do
    fetch "$folder/rights-$group" review_autoscaler "$group.metrics.k8s.io"
  done
}

# autoscalers - those of all namespaces, in a version that has metrics and conditions. Before Kubernetes 1.23 kubectl takes
# autoscaling/v1 unless told otherwise, which keeps both in annotations; a version behind the short name it ignores.
autoscalers() {
  local version=v2
  ask_kubectl get --raw /apis/autoscaling/v2 > /dev/null 2>&1 || version=v2beta2
  ask_kubectl get "horizontalpodautoscalers.$version.autoscaling" --all-namespaces -o json
}

# review_autoscaler GROUP - whether the autoscaler may read metrics of it.
review_autoscaler() {
  jq -n --arg group "$1" '{apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec: {
      user: "system:serviceaccount:kube-system:horizontal-pod-autoscaler",
      groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
      resourceAttributes: {group: $group, resource: "*", verb: "list", namespace: "default"}}}' \
    | ask_kubectl create --raw /apis/authorization.k8s.io/v1/subjectaccessreviews -f -
}

run_check() {
  need jq
  make_private_folder
  if ! ask_kubectl get --raw /version > "$private/version" 2> "$private/version.err"; then
    fail 3 "the API server cannot be asked: $(< "$private/version.err")"
  fi
  wait_for "asking the API server" gather "$private"
  judge "$private" > "$private/report"
  show_report "$private/report" "${flags[output]-text}"
  jq -e --arg strict "${flags[strict]-}" '.summary.fail == 0 and ($strict == "" or .summary.warn == 0)' "$private/report" > /dev/null
}

# judge FOLDER - the report, in JSON.
judge() {
  local name arguments=()
  for name in crd deployments pods apiservices sources lease autoscalers custom external rights-custom rights-external; do
    arguments+=(--slurpfile "${name/-/_}" "$1/$name")
  done
  jq -n -f "$home/lib/check.jq" --arg namespace "$(router_namespace)" --arg service "${flags[router-service]:-metrics-apiserver}" \
    "${arguments[@]}"
}

# show_report FILE FORMAT
show_report() {
  case $2 in
    json) jq . "$1" ;;
    # What JSON quotes, YAML reads as the same string.
    yaml)
      jq -r '"checks:", (.checks[] | "- check: \(.check | @json)", "  status: \(.status)", "  message: \(.message | @json)",
          (select(.advice) | "  advice: \(.advice | @json)")),
        "summary:", (.summary | to_entries[] | "  \(.key): \(.value)")' "$1"
      ;;
    *)
      jq -r --arg format "$2" --arg green "$green" --arg yellow "$yellow" --arg red "$red" --arg bold "$bold" --arg plain "$plain" '
        {ok: $green, WARN: $yellow, FAIL: $red} as $colors
        # What others wrote does not speak to the terminal.
        | def words: gsub("[\\x00-\\x1f\\x7f]"; " ");
        (.checks[]
          | "\($colors[.status])\(.status | . + "    "[length:])\($plain)  \(.check): \(.message | words)",
            (select(.advice and (.status != "ok" or $format == "wide")) | "      → \(.advice | words)")),
        "\($bold)\(.summary.ok) ok, \(.summary.warn) warnings, \(.summary.fail) failures\($plain)"' "$1"
      ;;
  esac
}

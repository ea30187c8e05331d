# What the story of identities is told with: the rights of whoever holds a token, as the API server sees them.
# shellcheck shell=bash

pod_account=system:serviceaccount:metrics-router:metrics-router-controller-manager
shown_account=system:serviceaccount:metrics-router:metrics-router

# as_holder FILE METHOD PATH [JSON] - asks the API server with the first token in that file; prints the status, then the
# body in one line.
as_holder() {
  local type=application/json
  [[ $2 != PATCH ]] || type=application/merge-patch+json
  curl -sS --max-time 10 --cacert "$pki/cluster-ca.crt" -H @<(echo "Authorization: Bearer $(head -n 1 "$1")") \
    -X "$2" -H "Content-Type: $type" ${4:+--data "$4"} -w '\n%{http_code}\n' "https://127.0.0.1:$apiserver_port$3" \
    | jq -Rrs 'split("\n") | "\(.[-2]) \(.[:-2] | join(" "))"'
}

# user_of FILE - whom the API server takes the holder of the token for.
user_of() {
  api POST /apis/authentication.k8s.io/v1/tokenreviews "$(jq -Rn --arg token "$(head -n 1 "$1")" \
    '{apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: {token: $token}}')" | jq -r .status.user.username
}

# rights_of FILE NAMESPACE - all that the holder may do there, but for what everybody may: ask what he may do himself, and
# read what is no resource.
rights_of() {
  local answer
  answer=$(as_holder "$1" POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews \
    '{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{"namespace":"'"$2"'"}}')
  [[ ${answer%% *} == 201 ]] || { echo "$answer"; return 1; }
  jq -r '.status
    | if .incomplete then error("incomplete") else . end
    | (.nonResourceRules[] | select(.verbs != ["get"]) | "\(.verbs | sort | join(",")) \(.nonResourceURLs | join(","))"),
      (.resourceRules[] | (.verbs | sort | join(",")) as $verbs | (.resourceNames // [] | sort | join(",")) as $names
        | .apiGroups[] as $group | .resources[] | select(startswith("selfsubject") | not)
        | "\($verbs) \(.)\(if $group == "" then "" else ".\($group)" end)\(if $names == "" then "" else " named \($names)" end)")' \
    <<< "${answer#* }" | LC_ALL=C sort -u
}

# asked_by FILE PATH - the adapter of the source `prometheus` itself, with that token.
asked_by() {
  curl -sk --max-time 5 -o /dev/null -w '%{http_code}' -H @<(echo "Authorization: Bearer $(head -n 1 "$1")") \
    "https://127.0.0.1:$prometheus_port$2"
}

# restart_both - the processes begin anew, without a token for sources.
restart_both() {
  finish server || true
  finish controller || true
  start_controller
  start_server
}

# What can be seen without a cluster: that what is rendered is fresh, that chart and kustomize agree, and what the chart refuses.
# shellcheck shell=bash

chart=deploy/chart

tell_what_is_rendered() {
  local folder name file

  chapter "The rendered files"
  expect "They are those that the kustomize files make" deploy/kustomize/render --check
  expect "The check notices one that is stale" notices_what_is_stale

  chapter "The chart, by a renderer of our own: it is no Helm, but has Go's templates, sprig, and Helm's functions"
  build_renderer
  expect "The schema of values knows what values.yaml has, and lets no other name pass" "$here/check-values" --shape "$chart"
  for file in "$here"/values/*.yaml; do
    expect "The schema takes $(in_words "$file")" takes_values "$file"
    expect "The chart renders with $(in_words "$file")" chart_with "$file"
  done
  expect "Each value does something" "$here/effects" "$work/render" "$chart" \
    "$here"/{values,unrestricted}/*.yaml "$here"/{cases,unrestricted}/*/values.yaml
  for file in "$here"/refused/*.yaml; do
    expect "The chart refuses $(in_words "$file")" fails_with "$(reason_of "$file")" chart_with "$file"
  done
  expect "Since Kubernetes 1.27, pods that are not ready keep no node" prints_match 'unhealthyPodEvictionPolicy: AlwaysAllow' \
    "$work/render" -kube-version v1.27.3-gke.100 "$chart" "$here/cases/high-availability/values.yaml"
  expect "Before, they are not asked about" \
    says_nothing_of unhealthyPodEvictionPolicy "$work/render" -kube-version v1.26.9 "$chart" "$here/cases/high-availability/values.yaml"
  expect "An annotation of the pods can be another" prints_match 'default-container: controller' \
    "$work/render" "$chart" "$here/values/everything.yaml"
  expect "It tells what to do next" prints_match 'kubectl get metricssources' notes_with
  expect "It warns of alerts on what nobody scrapes" prints_match 'WARNING: .*ServerAbsent' notes_with "$here/cases/observability/values.yaml"
  expect "It does not where both are scraped" says_nothing_of WARNING notes_with "$here/cases/all-components/values.yaml"
  expect "It tells that pods on the node's network need a namespace that admits them" \
    prints_match 'enforce=privileged' notes_with "$here/unrestricted/host-network/values.yaml"
  expect "It warns of NetworkPolicies that do not hold for them" prints_match 'WARNING: .*NetworkPolicies do not hold' \
    notes_with "$here"/{unrestricted/host-network,cases/network-policy}/values.yaml
  expect "It does not of those that do" says_nothing_of WARNING notes_with "$here/cases/network-policy/values.yaml"
  expect "In another namespace, nothing is left in ours" is_all_in_its_namespace

  chapter "Chart and kustomize, object by object"
  for folder in "$here"/{cases,unrestricted}/*/; do
    name=$(basename "$folder")
    if grep -q '^components:\|^transformers:\|/overlays/' "$folder/kustomization.yaml" && ! has_components; then
      echo "skip   $name: components came with kubectl 1.21"
      continue
    fi
    expect "They agree on $(in_words "$name")" agree_on "${folder%/}"
  done
  expect "The alerts are those of deploy/observability/rules.yaml" has_the_rules
  expect "The comparison notices what differs" notices_a_difference

  chapter "The profile restricted of the Pod Security Standards"
  expect "Each control notices a pod that breaks it" "$here/restricted" --self-test
  for file in "$here"/unrestricted/{*.yaml,*/values.yaml}; do
    expect "It refuses the chart's pods with $(in_words "$file")" fails_with "$(reason_of "$file")" is_restricted_with "$file"
  done
  expect "It admits every pod that was rendered" "$here/restricted" "$work"/rendered/*.{chart,kustomize}.yaml deploy/all-in-one.yaml

  chapter "yamllint"
  # What is rendered has no comments to keep short, and lists that Helm's toYaml and kustomize do not indent.
  expect "It has nothing to say of what was rendered" \
    yamllint --strict -d '{extends: relaxed, rules: {line-length: disable, indentation: {indent-sequences: whatever}}}' "$work"/{rendered,unrestricted}/*.yaml
}

# in_words FILE - claim-metric-too-long.yaml is "claim metric too long", and so is claim-metric-too-long/values.yaml.
in_words() { basename "${1%/values.yaml}" .yaml | tr - ' '; }

reason_of() {
  local reason
  reason=$(sed -n '1s/^# refused: //p' "$1")
  printf '%s' "${reason:?$1 does not say why it is refused}"
}

build_renderer() {
  # Debian's packages, in the layout that Go had before modules.
  show env GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode go build -o "$work/render" ./Tests/Charts
  expect "It is formatted as Go's are" prints "" gofmt -l Tests/Charts
}

# The schema first, as in Helm; `fails_with` sees what either has to say.
takes_values() { "$work/render" -values "$chart" "$@" | "$here/check-values" "$chart" -; }

# chart_with VALUES... - what the chart renders, in $work/rendered under the name of the last file, or in the file $rendering.
chart_with() {
  local rendered=${rendering:-$work/rendered/$(basename "${!#}" .yaml).chart.yaml}
  takes_values "$@" || return 1
  "$work/render" -namespace metrics-router -release router "$chart" "$@" > "$rendered.new" || return 1
  mv "$rendered.new" "$rendered"
}

is_restricted_with() {
  "$work/render" -namespace metrics-router "$chart" "$1" > "$work/refused.yaml" || return 1
  "$here/restricted" "$work/refused.yaml"
}

notes_with() { "$work/render" -notes -namespace metrics-router "$chart" "$@"; }

# agree_on FOLDER - what the profile restricted refuses is rendered apart from what is held against it.
agree_on() {
  local to=$work/rendered name
  name=$(basename "$1")
  [[ $1 != */unrestricted/* ]] || to=$work/unrestricted
  kubectl kustomize "$1" > "$to/$name.kustomize.yaml" || return 1
  rendering=$to/$name.chart.yaml chart_with "$1/values.yaml" || return 1
  "$here/compare" "$to/$name.kustomize.yaml" "$to/$name.chart.yaml"
}

# says_nothing_of TEXT COMMAND... - in what it prints, which it does.
says_nothing_of() {
  seen=$("${@:2}") && [[ -n $seen && $seen != *"$1"* ]]
}

# Whatever renders them: neither Helm's braces nor kustomize may have changed a character.
has_the_rules() {
  local file
  for file in "$work"/rendered/observability.*.yaml; do
    seen=$(python3 -c 'import sys, yaml
[rule] = [document for document in yaml.safe_load_all(open(sys.argv[1])) if document["kind"] == "PrometheusRule"]
sys.exit(rule["spec"] != yaml.safe_load(open("deploy/observability/rules.yaml")) and f"{sys.argv[1]}: other rules")' "$file" 2>&1) || return 1
  done
}

has_components() {
  local minor
  minor=$(kubectl version --client -o json 2> /dev/null | jq -r '.clientVersion.minor | sub("[^0-9].*"; "")' || true)
  ((${minor:-0} >= 21))
}

# Each in a copy of `deploy`, spoiled in one place.
notices_what_is_stale() {
  local path
  for path in kustomize/base/service.yaml kustomize/components/api-services/api-services.yaml chart/values.yaml \
    chart/templates/rbac.yaml all-in-one.yaml; do
    rm -rf "$work/stale"
    cp -r deploy "$work/stale"
    # A line of each of these.
    sed -i 's/metrics-apiserver/metrics-server/; s/^logFormat: text/logFormat: json/; s/kind: ClusterRole$/kind: Role/' "$work/stale/$path"
    seen=$(diff -q "deploy/$path" "$work/stale/$path") && { seen="nothing was spoiled in $path"; return 1; }
    seen=$("$work/stale/kustomize/render" --check 2>&1) && { seen="$path is stale, and nobody says so"; return 1; }
    [[ $seen == *"make manifests"* ]] || return 1
  done
}

notices_a_difference() {
  local spoiled=$work/spoiled.yaml edit
  for edit in 's/cpu: 10m/cpu: 11m/' 's/^kind: Service$/kind: ServiceAccount/' 's/--secure-port=6443/--secure-port=6444/' \
    's/app.kubernetes.io\/name: metrics-router/app.kubernetes.io\/name: other/'; do
    sed "$edit" "$work/rendered/default.chart.yaml" > "$spoiled"
    seen="after $edit: no difference"
    ! "$here/compare" "$work/rendered/default.kustomize.yaml" "$spoiled" > /dev/null || return 1
  done
}

# Nothing but names may say metrics-router: no namespace, no name in DNS, no namespace and name in one.
is_all_in_its_namespace() {
  local file
  for file in "$here"/values/*.yaml "$here"/cases/*/values.yaml; do
    "$work/render" -namespace elsewhere "$chart" "$file" > "$work/elsewhere.yaml" || return 1
    # A path of files, and what the README of an image would say.
    seen=$(grep -v '^# Source: ' "$work/elsewhere.yaml" | grep -nE 'namespace: "?metrics-router|\.metrics-router\.svc|[:=] ?metrics-router/') && return 1
    # The same objects, but for the namespace.
    seen=$(diff <(sed -E 's/elsewhere/metrics-router/g; /--serving-certificate-service=/d' "$work/elsewhere.yaml") \
      <("$work/render" -namespace metrics-router "$chart" "$file")) || return 1
  done
}

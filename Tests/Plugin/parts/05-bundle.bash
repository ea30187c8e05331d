# The support bundle, and what must not be in it.
# shellcheck shell=bash

chapter "bundle"

jwt=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ
cp "$work/logs/server.log" "$FAKE/logs/server.log"
{
  cat "$work/logs/controller.log"
  echo "W0000 sent Authorization: Bearer ${canaries[5]}"
  echo "W0000 {\"password\":\"${canaries[6]}\",\"jwt\":\"$jwt\"}"
  echo "W0000 asked https://me:${canaries[7]}@example.com/"
  printf -- '-----BEGIN EC PRIVATE KEY-----\n%s\n-----END EC PRIVATE KEY-----\n' "${canaries[9]}"
  echo "W0000 the line behind the key"
} > "$FAKE/logs/controller.log"

bundle=$work/bundle.tar.gz
expect "It is written, and says where" prints_match "$bundle: [0-9]+ files, [0-9]+ bytes; read CONTENTS.txt" plugin bundle --file="$bundle"
expect "Nobody else may read it" prints 600 stat -c %a "$bundle"
expect "A file that is there stays" fails_with 'is there already' plugin bundle --file="$bundle"
expect "unless it is to be replaced" prints_match 'files' plugin bundle --file="$bundle" --force
# A tar that is not GNU's.
mkdir -p "$work/other-tar"
cat > "$work/other-tar/tar" << SH
#!/bin/sh
for word; do
  case \$word in
    --version) echo "bsdtar 3.5.3 - libarchive 3.5.3"; exit ;;
    --*) echo "tar: Option \$word is not supported" >&2; exit 1 ;;
  esac
done
exec $(command -v tar) "\$@"
SH
chmod +x "$work/other-tar/tar"
with_other_tar() { PATH=$work/other-tar:$work/bin:$real_path kubectl-metricsrouter "$@"; }
expect "Another tar than GNU's does, too" prints_match 'files' with_other_tar bundle --file="$work/other.tar.gz"
mkdir -p "$work/unpacked"
tar -xzf "$bundle" -C "$work/unpacked" --strip-components=1
in_bundle() { (cd "$work/unpacked" && find . -type f | LC_ALL=C sort | tr '\n' ' '); }
expect "It holds versions, states, events, logs, routes, metrics and the check" \
  prints_match 'check.json.*cluster/apiservices.json.*cluster/metricssources.json.*namespace/deployments.json.*namespace/events.json.*namespace/pods.json.*controller.log.*controller.metrics.*routes.json.*server.log.*server.metrics.*versions.txt' in_bundle
expect "The metrics are the process's" prints_match 'metrics_router_' cat "$work/unpacked/pods/router-0/server.metrics"
expect "Logs are whole but for what was blotted out" prints_match 'the line behind the key' cat "$work/unpacked/pods/router-0/controller.log"
json_that_is_none() { find "$work/unpacked" -name '*.json' -exec sh -c 'jq -e . "$1" > /dev/null || echo "$1"' sh {} \;; }
expect "What is JSON is still JSON" prints '' json_that_is_none
# planted CANARY - the files that hold it.
planted() { grep -rlF -- "$1" "$work/unpacked" || true; }
for canary in "${canaries[@]}" "$jwt" "$(< "$work/router.token")" c2lnbmF0dXJlLWNhbmFyeQ; do
  expect "It does not hold ${canary:0:24}" prints '' planted "$canary"
done
expect "It holds what is no secret" prints_match 'namespace/pods.json' planted --v=2
expect "Its list says what was blotted out" prints_match 'Never asked for: Secrets.*namespace/pods.json.*Left out:.*previous' cat "$work/unpacked/CONTENTS.txt"
expect "Nothing of it is left lying about" prints '' find "$work" "${TMPDIR:-/tmp}" -maxdepth 1 -name 'kubectl-metricsrouter.*' -newer "$bundle"

chapter "validate, adopt, rollback"

prometheus_manifest 100 > "$work/good.yaml"
prometheus_manifest high > "$work/bad.yaml"
expect "A good manifest is status 0" prints 0 plugin_status validate "$work/good.yaml"
expect "A bad one is status 1" prints 1 plugin_status validate "$work/bad.yaml"
rm "$work/bin/metrics-router-controller"
expect "Without an executable here, the one in the cluster validates" prints_match 'standard input: MetricsSource prometheus: ok' plugin validate "$work/good.yaml"
expect "That of a bad one is status 1, too" prints 1 plugin_status validate "$work/good.yaml" "$work/bad.yaml"
expect "adopt needs one here" fails_with 'there is no metrics-router-controller' plugin adopt
expect "That is status 3" prints 3 plugin_status adopt
ln -s "$products/metrics-router-controller" "$work/bin/metrics-router-controller"
expect "adopt tells what would be done" prints_match 'v1beta1.custom.metrics.k8s.io' plugin adopt --router-port="$server_port"
expect "By a context, too" prints_match 'v1beta1.custom.metrics.k8s.io' plugin adopt --context=test --router-port="$server_port"
expect "It does not impersonate" prints 2 plugin_status adopt --as=somebody
expect "rollback wants its file" fails_with 'metrics-router-rollback.yaml|rollback-nowhere' plugin rollback --rollback-file="$work/rollback-nowhere.yaml"

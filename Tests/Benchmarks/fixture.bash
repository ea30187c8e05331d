# What every subject is measured with: certificates, the backend and its answers.
# shellcheck shell=bash

group_version=custom.metrics.k8s.io/v1beta2
former_group_version=custom.metrics.k8s.io/v1beta1
metric_path=/apis/$group_version/namespaces/default/pods/%2A/foo
# Of a backend that speaks v1beta1 alone.
former_metric_path=/apis/$former_group_version/namespaces/default/pods/%2A/bar
translated_metric_path=/apis/$group_version/namespaces/default/pods/%2A/bar
discovery_path=/apis/$group_version
# How many metrics discovery shows.
listed_metrics=2000
# The host names of the backends' Services, which their certificate carries.
backend_host=adapter.bench.svc
former_backend_host=former-adapter.bench.svc
# What an autoscaler says of itself, besides its token.
callers_fields=("Accept: application/json, */*"
  "User-Agent: kube-controller-manager/v1.33.0 (linux/amd64) kubernetes/60a317e/system:serviceaccount:kube-system:horizontal-pod-autoscaler")
token=benchmark-token-that-is-about-as-long-as-those-of-service-accounts-are-not-quite

make_certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=metrics-router-bench \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:$backend_host,DNS:$former_backend_host" \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2> "$work/openssl.log" \
    || fail "openssl makes no certificate" "$work/openssl.log"
}

# values METRIC GROUP_VERSION - about 2 KiB of values, as an adapter answers for the pods of a Deployment.
values() {
  jq -cjn --arg metric "$1" --arg version "$2" '{
    kind: "MetricValueList", apiVersion: $version, metadata: {},
    items: [range(9) | {
      describedObject: {kind: "Pod", namespace: "default", name: "deployment-7d9c6b8f5d-x\(.)", apiVersion: "/v1"},
      timestamp: "2024-06-24T07:12:19Z", windowSeconds: 60, value: "\(. + 1)500m"
    } + if $version | endswith("v1beta1") then {metricName: $metric, selector: null}
        else {metric: {name: $metric, selector: null}} end]}'
}

# list GROUP_VERSION METRIC [COUNT] - a list that names METRIC, and COUNT others.
list() {
  jq -cjn --arg version "$1" --arg metric "$2" --argjson count "${3:-0}" '{
    kind: "APIResourceList", apiVersion: "v1", groupVersion: $version,
    resources: [$metric, (range($count) | "http_requests_per_second_of_service_\(.)")] | map(
      {name: "pods/\(.)", singularName: "", namespaced: true, kind: "MetricValueList", verbs: ["get"]})
  }'
}

make_answers() {
  mkdir -p "$work/backend/lists"
  values foo "$group_version" > "$work/metric.json"
  values bar "$former_group_version" > "$work/former-metric.json"
  list "$group_version" foo $((listed_metrics - 2)) > "$work/backend/lists/current.json"
  list "$former_group_version" bar > "$work/backend/lists/former.json"
}

# nginx_configuration FOLDER - the part that all have in common; the `server` blocks come from standard input.
nginx_configuration() {
  local user=
  # Else its workers become somebody who may not read the files.
  ((EUID != 0)) || user='user root;'
  mkdir -p "$1"
  cat > "$1/nginx.conf" << EOF
daemon off;
$user
worker_processes 1;
pid $1/nginx.pid;
error_log stderr warn;
worker_rlimit_nofile ${nginx_connections:-1024};
events { worker_connections ${nginx_connections:-1024}; }
http {
  access_log off;
  default_type application/json;
  client_body_temp_path $1/body; proxy_temp_path $1/proxy; fastcgi_temp_path $1/fastcgi;
  uwsgi_temp_path $1/uwsgi; scgi_temp_path $1/scgi;
  keepalive_requests 100000000;
  http2_max_concurrent_streams 128;
  ssl_certificate $work/certificate.pem;
  ssl_certificate_key $work/key.pem;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:tls:1m;
$(cat)
}
EOF
}

# nginx decodes the path before it compares, hence the plain asterisks.
start_backend() {
  nginx_configuration "$work/backend" << EOF
  server {
    listen 127.0.0.1:$backend_port ssl http2;
    server_name localhost $backend_host;
    root $work/backend/lists;
    location = /apis/$group_version { try_files /current.json =500; }
    location = "/apis/$group_version/namespaces/default/pods/*/foo" { return 200 '$(< "$work/metric.json")'; }
    location / { return 404; }
  }
  server {
    listen 127.0.0.1:$backend_port ssl http2;
    server_name $former_backend_host;
    root $work/backend/lists;
    location = /apis/$former_group_version { try_files /former.json =500; }
    location = "/apis/$former_group_version/namespaces/default/pods/*/bar" { return 200 '$(< "$work/former-metric.json")'; }
    location / { return 404; }
  }
EOF
  start "$work/backend.log" nginx -p "$work/backend" -e stderr -c "$work/backend/nginx.conf"
  local master=$last_started
  await "the backend" "$backend_port" "$work/backend.log"
  process[backend]=$(tr -d ' ' < "/proc/$master/task/$master/children")
  port[backend]=$backend_port
}

# An API server that knows every token and allows everything: the router remembers its reviews, as it does in a cluster.
start_api_server() {
  nginx_configuration "$work/api-server" << EOF
  server {
    listen 127.0.0.1:$api_server_port ssl http2;
    location = /apis/authentication.k8s.io/v1/tokenreviews {
      return 201 '{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","status":{"authenticated":true,
        "user":{"username":"system:serviceaccount:kube-system:horizontal-pod-autoscaler","uid":"0c4d2a5e",
        "groups":["system:serviceaccounts","system:serviceaccounts:kube-system","system:authenticated"]}}}';
    }
    location = /apis/authorization.k8s.io/v1/subjectaccessreviews {
      return 201 '{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","status":{"allowed":true}}';
    }
  }
EOF
  start "$work/api-server.log" nginx -p "$work/api-server" -e stderr -c "$work/api-server/nginx.conf"
  cat > "$work/kubeconfig" << EOF
apiVersion: v1
kind: Config
current-context: bench
contexts: [{name: bench, context: {cluster: bench, user: bench}}]
clusters: [{name: bench, cluster: {server: "https://localhost:$api_server_port", certificate-authority: $work/certificate.pem}}]
users: [{name: bench, user: {token: the-router}}]
EOF
}

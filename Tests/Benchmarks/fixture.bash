# What every subject is measured with: certificates, the backend and its answers.
# shellcheck shell=bash

group_version=custom.metrics.k8s.io/v1beta2
metric_path=/apis/$group_version/namespaces/default/pods/%2A/foo
# The host name of the backend's Service, which its certificate carries.
backend_host=adapter.bench.svc
token=benchmark-token-that-is-about-as-long-as-those-of-service-accounts-are-not-quite

make_certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=metrics-router-bench \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:$backend_host" \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2> "$work/openssl.log" \
    || fail "openssl makes no certificate" "$work/openssl.log"
}

# About 2 KiB of values, as an adapter answers for the pods of a Deployment, and the list that names the metric.
make_answers() {
  jq -cjn --arg version "$group_version" '{
    kind: "MetricValueList", apiVersion: $version, metadata: {},
    items: [range(9) | {
      describedObject: {kind: "Pod", namespace: "default", name: "deployment-7d9c6b8f5d-x\(.)", apiVersion: "/v1"},
      metric: {name: "foo", selector: null}, timestamp: "2024-06-24T07:12:19Z", windowSeconds: 60, value: "\(. + 1)500m"
    }]}' > "$work/metric.json"
  jq -cjn --arg version "$group_version" '{
    kind: "APIResourceList", apiVersion: "v1", groupVersion: $version,
    resources: [{name: "pods/foo", singularName: "", namespaced: true, kind: "MetricValueList", verbs: ["get"]}]
  }' > "$work/list.json"
}

# nginx_configuration FOLDER - the part that backend and proxy share; the `server` block comes from standard input.
nginx_configuration() {
  mkdir -p "$1"
  cat > "$1/nginx.conf" << EOF
daemon off;
worker_processes 1;
pid $1/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
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

# nginx decodes the path before it compares, hence the plain asterisk.
start_backend() {
  nginx_configuration "$work/backend" << EOF
  server {
    listen 127.0.0.1:$backend_port ssl http2;
    location = /apis/$group_version { return 200 '$(< "$work/list.json")'; }
    location = "/apis/$group_version/namespaces/default/pods/*/foo" { return 200 '$(< "$work/metric.json")'; }
  }
EOF
  start "$work/backend.log" nginx -p "$work/backend" -e stderr -c "$work/backend/nginx.conf"
  await "the backend" "$backend_port" "$work/backend.log"
}

# The processes under test. Each `start_NAME` sets `process[NAME]`, whose CPU time is counted, and `port[NAME]`.
# shellcheck shell=bash

declare -A process port

# nginx as a reverse proxy from TLS to TLS, with kept connections and verified certificates, as the router has them; the
# discovery document, which the router has in memory, is a file of its own.
start_nginx() {
  nginx_configuration "$work/nginx" << EOF
  upstream adapter { server 127.0.0.1:$backend_port; keepalive 64; keepalive_requests 100000000; }
  open_file_cache max=16 inactive=1h;
  server {
    listen 127.0.0.1:$nginx_port ssl http2;
    root $work/static;
    location = $discovery_path { try_files /discovery.json =404; }
    location / {
      proxy_pass https://adapter;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $backend_host;
      proxy_ssl_name $backend_host;
      proxy_ssl_server_name on;
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate $work/certificate.pem;
      proxy_ssl_protocols TLSv1.2 TLSv1.3;
    }
  }
EOF
  start "$work/nginx.log" nginx -p "$work/nginx" -e stderr -c "$work/nginx/nginx.conf"
  local master=$last_started
  await nginx "$nginx_port" "$work/nginx.log"
  # The master only watches; its one child does the work.
  process[nginx]=$(tr -d ' ' < "/proc/$master/task/$master/children")
  port[nginx]=$nginx_port
}

# The router, asking its backend in HTTP/1.1 as nginx does, and once for every caller.
start_router() {
  start_router_as router "$router_port" --backend-http2=false --workers=1 --backend-coalesce-requests=false
}

# The router, asking its backend in HTTP/2.
start_router_http2() {
  start_router_as router_http2 "$router_http2_port" --backend-http2=true --workers=1 --backend-coalesce-requests=false
}

# The router as it is by default: all callers ask for the same here, and share what the backend answers.
start_router_coalescing() {
  start_router_as router_coalescing "$router_coalescing_port" --backend-http2=false --workers=1
}

# The router on two cores.
start_router_of_two() {
  start_router_as router_of_two "$router_of_two_port" --backend-http2=false --workers=2 --backend-coalesce-requests=false
}

# start_router_as NAME PORT [FLAG...] - with the table that the real controller made.
start_router_as() {
  local name=$1 its_port=$2
  shift 2
  [[ -s $work/table/routing-table.json ]] || make_table
  start "$work/$name.log" "$bin/metrics-router-server" "--secure-port=$its_port" \
    "--tls-cert-file=$work/certificate.pem" "--tls-private-key-file=$work/key.pem" \
    "--snapshot=$work/table/routing-table.json" "${connect_to[@]}" "--kubeconfig=$work/kubeconfig" \
    --authentication-skip-lookup "--status-bind-address=${status_address:-0}" \
    --metrics-bind-address=0 "${router_flags[@]}" "$@"
  process[$name]=$last_started
  port[$name]=$its_port
  await "$name" "$its_port" "$work/$name.log"
}

# source_of NAME - a MetricsSource.
source_of() {
  cat << EOF
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata:
  name: $1
spec:
  priority: 100
  metricTypes: [CustomMetrics]
  caBundle: $(base64 -w0 "$work/certificate.pem")
  auth: None
  service:
    namespace: bench
    name: $1
    port:
      number: 443
EOF
}

# The routing table of both backends, by the real controller, which nobody needs afterwards.
make_table() {
  local executable
  for executable in metrics-router-controller metrics-router-server; do
    [[ -x $bin/$executable ]] || fail "$bin/$executable is not there: make build"
  done
  connect_to=("--connect-to=$backend_host:443:127.0.0.1:$backend_port"
    "--connect-to=$former_backend_host:443:127.0.0.1:$backend_port")
  mkdir -p "$work/sources" "$work/table"
  source_of adapter > "$work/sources/adapter.yaml"
  source_of former-adapter > "$work/sources/former-adapter.yaml"
  start "$work/controller.log" "$bin/metrics-router-controller" "--sources=$work/sources" \
    "--snapshot=$work/table/routing-table.json" "${connect_to[@]}" --health-bind-address=127.0.0.1:0 \
    --metrics-bind-address=0
  local controller=$last_started deadline=$((SECONDS + 20))
  until jq -e 'tostring | contains("\"foo\"") and contains("\"bar\"")' "$work/table/routing-table.json" &> /dev/null; do
    ((SECONDS < deadline)) || fail "the controller writes no table of both sources within 20 s" "$work/controller.log"
    sleep 0.1
  done
  stop "$controller"
}

# The processes under test. Each `start_NAME` sets `process[NAME]`, whose CPU time is counted, and `port[NAME]`.
# shellcheck shell=bash

declare -A process port

# nginx as a reverse proxy from TLS to TLS, with kept connections and verified certificates, as the router has them.
start_nginx() {
  nginx_configuration "$work/nginx" << EOF
  upstream adapter { server 127.0.0.1:$backend_port; keepalive 64; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:$nginx_port ssl http2;
    location / {
      proxy_pass https://adapter;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
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

# The router, asking its backend in HTTP/1.1 as nginx does.
start_router() { start_router_as router "$router_port" --backend-http2=false; }

# The router, asking its backend in HTTP/2.
start_router_http2() { start_router_as router_http2 "$router_http2_port" --backend-http2=true; }

# start_router_as NAME PORT [FLAG...] - with a table that the real controller made of one MetricsSource.
start_router_as() {
  local name=$1 its_port=$2
  shift 2
  local executable
  for executable in metrics-router-controller metrics-router-server; do
    [[ -x $bin/$executable ]] || fail "$bin/$executable is not there: make build"
  done
  local connect_to=$backend_host:443:127.0.0.1:$backend_port
  mkdir -p "$work/sources" "$work/table"
  cat > "$work/sources/adapter.yaml" << EOF
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata:
  name: adapter
spec:
  priority: 100
  metricTypes: [CustomMetrics]
  caBundle: $(base64 -w0 "$work/certificate.pem")
  auth: None
  service:
    namespace: bench
    name: adapter
    port:
      number: 443
EOF
  start "$work/controller.log" "$bin/metrics-router-controller" "--sources=$work/sources" \
    "--snapshot=$work/table/routing-table.json" "--connect-to=$connect_to" \
    --health-bind-address=127.0.0.1:0 --metrics-bind-address=0
  local controller=$last_started
  start "$work/$name.log" "$bin/metrics-router-server" "--secure-port=$its_port" \
    "--tls-cert-file=$work/certificate.pem" "--tls-private-key-file=$work/key.pem" \
    "--snapshot=$work/table/routing-table.json" "--connect-to=$connect_to" --workers=1 \
    --metrics-bind-address=0 --status-bind-address=0 "${router_flags[@]}" "$@"
  process[$name]=$last_started
  port[$name]=$its_port
  await "$name" "$its_port" "$work/$name.log" "$work/controller.log"
  # The router needs it no longer, and the measurement should not share the machine with it.
  stop "$controller"
}

# Many metrics adapters, which are one nginx: whatever name it is asked by, it lists metrics of that name's own.
# shellcheck shell=bash

# What every metric ends in.
metric_suffix=_requests_per_second

# list GROUP_VERSION - an APIResourceList of METRICS metrics; nginx puts the source's name in the place of "@source@".
list() {
  awk -v version="$1" -v count="$metrics" -v suffix="$metric_suffix" 'BEGIN {
    printf "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"%s\",\"resources\":[", version
    for (i = 1; i <= count; i++) {
      namespaced = "true"
      resource = ""
      if (version ~ /^custom/) {
        resource = i % 5 == 0 ? "deployments.apps/" : i % 7 == 0 ? "namespaces/" : "pods/"
        if (resource == "namespaces/") namespaced = "false"
      }
      printf "%s{\"name\":\"%s@source@_%04d%s\",\"singularName\":\"\",\"namespaced\":%s,\"kind\":\"MetricValueList\",\"verbs\":[\"get\"]}",
        (i > 1 ? "," : ""), resource, i, suffix, namespaced
    }
    print "]}"
  }'
}

start_backends() {
  local folder=$work/backend version
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=metrics-router-scale \
    -addext "subjectAltName=DNS:*.scale.svc" -keyout "$work/key.pem" -out "$work/certificate.pem" \
    2> "$work/openssl.log" || fail "openssl makes no certificate" "$work/openssl.log"
  for version in custom.metrics.k8s.io/v1beta2 external.metrics.k8s.io/v1beta1; do
    mkdir -p "$folder/apis/${version%/*}"
    list "$version" > "$folder/apis/$version"
  done
  # The folder is its owner's alone; a worker of root's nginx would be nobody.
  local user=
  if [[ $EUID -eq 0 ]]; then user='user root;'; fi
  cat > "$folder/nginx.conf" << EOF
daemon off;
$user
worker_processes 1;
pid $folder/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  default_type application/json;
  client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$backend_port ssl http2 backlog=4096;
    server_name ~^(?<source>[^.]+)\.;
    ssl_certificate $work/certificate.pem;
    ssl_certificate_key $work/key.pem;
    ssl_session_cache shared:tls:10m;
    root $folder;
    sub_filter @source@ \$source;
    sub_filter_once off;
    sub_filter_types application/json;
  }
}
EOF
  start "$work/backend.log" nginx -p "$folder" -e stderr -c "$folder/nginx.conf"
  local deadline=$((SECONDS + 20))
  until curl -sf --max-time 2 --cacert "$work/certificate.pem" --connect-to "::127.0.0.1:$backend_port" \
    https://source-0001.scale.svc/apis/external.metrics.k8s.io/v1beta1 2> "$work/curl.log" \
    | grep -q -F "\"source-0001_0001$metric_suffix\""; do
    ((SECONDS < deadline)) || fail "the backends do not answer" "$work/backend.log" "$work/curl.log"
    sleep 0.1
  done
}

# One file for each source; every second one has external metrics.
write_manifests() {
  local number name type
  mkdir "$work/manifests"
  for ((number = 1; number <= sources; number++)); do
    printf -v name 'source-%04d' "$number"
    if ((number % 2)); then type=CustomMetrics; else type=ExternalMetrics; fi
    cat > "$work/manifests/$name.yaml" << EOF
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata:
  name: $name
spec:
  priority: 100
  metricTypes: [$type]
  service:
    namespace: scale
    name: $name
    port:
      number: 443
EOF
  done
}

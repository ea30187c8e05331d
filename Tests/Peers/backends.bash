# The backends of this run: nghttpd, nginx, and the scripted ones.
# shellcheck shell=bash

answer='{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[]}'
mkdir -p "$work/htdocs$pods" "$work/nginx"
printf '%s' "$answer" > "$work/htdocs$pods/answer.json"
cat > "$work/nginx/nginx.conf" << CONF
daemon off; worker_processes 1; pid $work/nginx/pid; error_log stderr warn;
events { worker_connections 1024; }
http {
  log_format peers '\$server_protocol \$connection'; access_log $work/nginx/access.log peers;
  client_body_temp_path $work/nginx/b; proxy_temp_path $work/nginx/p; fastcgi_temp_path $work/nginx/f;
  uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
  ssl_certificate $work/certificate.pem; ssl_certificate_key $work/key.pem;
  server {
    listen 127.0.0.1:${backend_ports[nginx]} ssl;
    location / { default_type application/json; return 200 '$answer'; }
  }
}
CONF
launch nghttpd nghttpd -v -a 127.0.0.1 -d "$work/htdocs" "${backend_ports[nghttpd]}" "$work/key.pem" "$work/certificate.pem"
launch nginx nginx -p "$work/nginx" -e stderr -c "$work/nginx/nginx.conf"
for version in h2 h1; do
  launch "scripted-$version" env PYTHONPATH="$here" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/backends/$version.py" \
    "${backend_ports[scripted-$version]}" "$work/certificate.pem" "$work/key.pem"
done
listens() { (: < "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }
for name in nghttpd nginx scripted-h2 scripted-h1; do
  wait_until 5 listens "${backend_ports[$name]}" || { cat "$work/logs/$name.log" >&2; exit 1; }
done

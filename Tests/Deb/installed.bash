# A folder in which dpkg keeps a system of its own, with nothing in it but the package.
# shellcheck shell=bash

make_root() {
  mkdir -p "$root"/{etc,run,usr/bin,var/lib/dpkg/{info,updates,triggers}}
  touch "$root/var/lib/dpkg/status" "$root/var/lib/dpkg/available"
}

# in_root ARGUMENT... - what it depends on lies outside. Scripts run here, and look at DPKG_ROOT.
in_root() {
  dpkg --root="$root" --log="$work/dpkg.log" --force-depends --force-not-root --force-script-chrootless --force-confold "$@" \
    > "$work/dpkg.out" 2>&1
  local status=$?
  seen=$(< "$work/dpkg.out")
  return "$status"
}

installs() { in_root --install "$1"; }
removes() { in_root "$1" metrics-router; }
status_in_root() { dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status}' metrics-router; }

# lint_page FILE - what mandoc finds wrong, save matters of style.
lint_page() { gzip -dc "$1" | mandoc -T lint -W warning 2>&1 | grep -v 'missing date' || true; }

# verify_unit UNIT - in the folder, with what it names; systemd's own units are here.
verify_unit() {
  local copy=$work/units/$1.service
  mkdir -p "$work/units"
  sed "s|=/usr/bin/|=$root/usr/bin/|" "$root/usr/lib/systemd/system/$1.service" > "$copy"
  SYSTEMD_UNIT_PATH=$root/usr/lib/systemd/system: systemd-analyze verify --man=no "$copy" 2>&1 | grep -F "$1" || true
}

users_in_root() {
  systemd-sysusers --root="$root" "$root/usr/lib/sysusers.d/metrics-router.conf" > "$work/sysusers.log" 2>&1
  cat "$root/etc/passwd"
}

# What an administrator does: manifests, where the sources are, and who may ask.
configure() {
  local name priority types namespace service
  while read -r name priority types namespace service; do
    cat > "$root/etc/metrics-router/sources.d/$name.yaml" << YAML
apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
kind: MetricsSource
metadata: {name: $name}
spec:
  priority: $priority
  metricTypes: [$types]
  insecureSkipTLSVerify: true
  auth: None
  service: {namespace: $namespace, name: $service, port: {number: 443}}
YAML
  done << 'SOURCES'
prometheus 100 CustomMetrics monitoring prometheus-adapter
queues 50 CustomMetrics,ExternalMetrics queues queue-adapter
SOURCES
  sed -i "s|^BACKEND_FLAGS=.*|BACKEND_FLAGS=\"--connect-to=prometheus-adapter.monitoring.svc:443:127.0.0.1:$prometheus_port --connect-to=queue-adapter.queues.svc:443:127.0.0.1:$queues_port\"|
    s|^SERVER_FLAGS=.*|SERVER_FLAGS=\"--anonymous-auth --bind-address=127.0.0.1 --secure-port=$server_port\"|" "$root/etc/default/metrics-router"
}

# start_unit UNIT - its ExecStart with the flags of its EnvironmentFile, out of the folder. Ports that are its own in the unit
# are free ones here, as others test on this machine.
start_unit() {
  local line name=${1#metrics-router-} BACKEND_FLAGS CONTROLLER_FLAGS SERVER_FLAGS health metrics status
  read -r health metrics status <<< "$(free_ports 3)"
  # shellcheck source=/dev/null
  source "$root/etc/default/metrics-router"
  line=$(sed -n 's/^ExecStart=//p' "$root/usr/lib/systemd/system/$1.service")
  line=${line//\$BACKEND_FLAGS/$BACKEND_FLAGS}
  line=${line//\$CONTROLLER_FLAGS/$CONTROLLER_FLAGS}
  line=${line//\$SERVER_FLAGS/$SERVER_FLAGS}
  line=$(sed -E "s,(^|=| )/(usr|etc|run)/,\1$root/\2/,g; s,:808[13]( |\$),:$status\1,; s,:808[02]( |\$),:$metrics\1," <<< "$line")
  mkdir -p "$root/run/metrics-router"
  local -a words
  read -ra words <<< "$line"
  launch "$name" "${words[@]}"
}

# The same package with another version, and another file of configuration.
make_next_package() {
  local unpacked=$work/next
  dpkg-deb -R "$package" "$unpacked"
  sed -i 's/^Version: .*/&+next/' "$unpacked/DEBIAN/control"
  echo '# Of the next version.' >> "$unpacked/etc/default/metrics-router"
  next_package=$work/next.deb
  dpkg-deb --root-owner-group --build "$unpacked" "$next_package" > /dev/null
}

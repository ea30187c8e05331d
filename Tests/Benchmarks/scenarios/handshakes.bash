# What it costs to secure a connection, by TLS 1.3 with P-256 certificates.
# shellcheck shell=bash

handshakes_subjects=(nginx router)

handshakes() {
  local kind subject
  for kind in full resumed; do
    for subject in "${handshakes_subjects[@]}"; do
      measure handshakes "$kind" "$subject" \
        timeout $((seconds + 30)) python3 "$here/handshakes.py" "${port[$subject]}" "$seconds" "$kind"
    done
  done
}

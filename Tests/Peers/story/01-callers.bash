# Well-behaved callers, over both versions.
# shellcheck shell=bash

chapter "callers"

version_of() { ask "$1" "${@:2}" -o /dev/null -w '%{http_version}'; }
same_answers() {
  local path
  for path in "$pods/foo" /apis "$custom" /readyz "$pods/missing"; do
    cmp <(ask "$path" --http2 -w '%{http_code}') <(ask "$path" --http1.1 -w '%{http_code}') || return 1
  done
}
# head_of PATH VERSION - its status, and what is said of the body that it has not.
head_of() {
  ask "$1" -I -o /dev/null -w '%{http_code} %header{content-type} %header{content-length} %{size_download}' "$2"
}
same_heads() {
  local version
  for version in --http2 --http1.1; do
    says "200 text/plain; charset=utf-8 2 0" head_of /healthz "$version" || return 1
    says "405 application/json $(ask "$custom" -X POST "$version" | wc -c) 0" head_of "$custom" "$version" || return 1
  done
}

expect "curl --http2 speaks HTTP/2" says 2 version_of "$pods/foo" --http2
expect "curl --http1.1 speaks HTTP/1.1" says 1.1 version_of "$pods/foo" --http1.1
expect "curl --http2-prior-knowledge is served by ALPN" says 2 version_of "$pods/foo" --http2-prior-knowledge
expect "both versions give the same answers" same_answers
expect "HEAD is answered alike" same_heads
expect "h2load: 10 connections x 100 streams, routed" \
  h2load_says 10000 -c 10 -m 100 "https://127.0.0.1:$port$pods/foo"
expect "h2load: 10 connections x 100 streams, discovery" \
  h2load_says 20000 -c 10 -m 100 "https://127.0.0.1:$port$custom"
expect "h2load --h1: 100 connections, routed" h2load_says 5000 --h1 -c 100 "https://127.0.0.1:$port$pods/foo"

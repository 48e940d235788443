#!/usr/bin/env bash
# Figures of the door beside named peers, in one run: nginx's constant reply, the library's own hello, and catchmentd if a
# package is given. Server on core 0, load on core 1.
#   tests/bench/http_load/run.sh BUILD_DIR [PACKAGE.gpkg LON LAT] ; SECONDS_EACH=5
set -euo pipefail
build=$1 package=${2:-} lon=${3:-} lat=${4:-} each=${SECONDS_EACH:-5}
here=$(cd "$(dirname "$0")" && pwd)
bin=$build/tests/bench
dir=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT

load() { taskset -c 1 "$bin/http_load" --seconds "$each" "$@"; }
start() { # start NAME COMMAND...: sets port and pid of a program that says where it listens
  local name=$1
  shift
  taskset -c 0 "$@" >"$dir/$name.out" 2>"$dir/$name.err" &
  pid=$!
  pids+=("$pid")
  for _ in $(seq 200); do
    port=$(sed -n 's|^Listening on http://[^:]*:\([0-9]*\)/.*|\1|p' "$dir/$name.out")
    [ -n "$port" ] && return
    sleep 0.05
  done
  cat "$dir/$name.err" >&2
  exit 1
}
rate_of() { sed -n 's/^answers a second: //p'; }
measure() { # measure NAME FILE: saturated, then open loop at half of that
  local full
  full=$(load --port "$port" --rate 0 --connections 64 --requests "$2" | rate_of)
  echo "== $1: $full/s on one core, saturated; then at half of that:"
  load --port "$port" --rate $((full / 2)) --connections 64 --requests "$2" --pid "$pid"
}

echo "1 GET /" >"$dir/root.txt"
if command -v nginx >/dev/null; then
  nginx_port=$((20000 + RANDOM % 20000))
  cat >"$dir/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
  server { listen 127.0.0.1:$nginx_port; location / { default_type text/plain; return 200 "hello, world\n"; } }
}
CONF
  taskset -c 0 nginx -c "$dir/nginx.conf" 2>/dev/null &
  pid=$!
  pids+=("$pid")
  port=$nginx_port
  sleep 0.5
  measure "nginx, constant reply" "$dir/root.txt"
fi
start hello "$bin/http_hello" 1 64
measure "the library, on the event loop" "$dir/root.txt"
echo "1 POST /pool/submit < {\"n\":\"{n}\"}" >"$dir/pool.txt"
measure "the library, through the pool" "$dir/pool.txt"
echo "== tenfold overload of handlers that wait 5 ms (4 workers: 800/s)"
start wait "$bin/http_hello" 1 4
load --port "$port" --rate 8000 --connections 1000 --requests "$here/mixed.txt" --pid "$pid"
if [ -n "$package" ]; then
  start city "$build/server/catchmentd" --package "$package" --port 0 --threads 1
  echo "1 GET /v1/lookup?lon=$lon&lat=$lat" >"$dir/lookup.txt"
  measure "catchmentd, point look-up" "$dir/lookup.txt"
fi

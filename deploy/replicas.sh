#!/usr/bin/env bash
# Three look-up replicas on one snapshot (and one for the rest) behind the site of deploy/nginx, one killed while it is asked: how many requests
# fail? Then all are killed: what does the site say? Exits 0 if all is as said there, 1 if not, 77 where nginx, curl or
# openssl is not installed. Leaves nothing behind.
#   deploy/replicas.sh CATCHMENTD CITY.gpkg CITY.snapshot [REQUESTS]
set -euo pipefail
daemon=$1 package=$2 snapshot=$3 requests=${4:-2000}
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
for program in nginx curl openssl; do
  command -v "$program" >/dev/null || { echo "There is no $program here."; exit 77; }
done

work=$(mktemp -d)
chmod 755 "$work"  # the proxy's workers read the fallback page as another user
pids=()
nginx=
finish() {
  [ -z "$nginx" ] || kill "$nginx" 2>/dev/null || true
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "FAILED: $*"; exit 1; }

start() {  # name, then catchmentd's arguments; its port goes into $port
  local name=$1
  shift
  "$daemon" --package "$package" --snapshot "$snapshot" --port 0 --threads 1 --trusted-proxy 127.0.0.1 "$@" \
    >"$work/$name.out" 2>"$work/$name.err" &
  pids+=($!)
  for _ in $(seq 600); do
    port=$(sed -n 's#^Listening on http://127.0.0.1:\([0-9]*\)/#\1#p' "$work/$name.out")
    [ -n "$port" ] && return
    kill -0 "${pids[-1]}" 2>/dev/null || { cat "$work/$name.err"; fail "$name ended"; }
    sleep 0.1
  done
  fail "$name does not listen"
}
slay() {  # number of a replica
  kill -9 "${pids[$1]}"
  wait "${pids[$1]}" 2>/dev/null || true
}
ports=()
for n in 1 2 3 4; do
  start "replica$n"
  ports+=("$port")
done

# The site as it is installed, but for addresses, paths and the limit on one reader, which this one would exceed.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=catchment.example \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
proxy=unix:$work/tls
sed -e "s#127.0.0.1:8081#127.0.0.1:${ports[0]}#; s#127.0.0.1:8082#127.0.0.1:${ports[1]}#; s#127.0.0.1:8083#127.0.0.1:${ports[2]}#" \
  -e "s#127.0.0.1:8080#127.0.0.1:${ports[3]}#; s#listen 443#listen $proxy#; s#listen 80#listen unix:$work/plain#" \
  -e "s#/etc/catchment/tls#$work#; s#/var/log/nginx#$work#; s#/usr/share/catchment/www#$work/www#" \
  -e 's#rate=100r/s#rate=100000r/s#; s#limit_req_log_level info#limit_req_log_level warn#' "$here/nginx/catchment.conf" >"$work/site.conf"
cp -r "$here/www" "$work/www"
chmod -R a+rX "$work/www"
cat >"$work/nginx.conf" <<NGINX
daemon off;
worker_processes 1;
pid $work/nginx.pid;
error_log $work/error.log;
events { worker_connections 512; }
http {
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  include $work/site.conf;
}
NGINX
nginx -t -q -p "$work" -c "$work/nginx.conf" 2>"$work/parsed" || { cat "$work/parsed"; fail "nginx does not read the site"; }
nginx -p "$work" -c "$work/nginx.conf" 2>"$work/nginx.err" &
nginx=$!
for _ in $(seq 100); do [ -S "$work/tls" ] && break; sleep 0.1; done
[ -S "$work/tls" ] || { cat "$work/nginx.err"; fail "nginx does not listen"; }
ask() { curl -sk --max-time 30 --unix-socket "$work/tls" "$@"; }
site=https://catchment.example

[ "$(ask -o "$work/answer" -w '%{http_version} %{http_code}' "$site/v1/health")" = "2 200" ] || fail "HTTP/2 is not spoken"
[ "$(ask -o /dev/null -w '%{http_code}' "$site/metrics")" = 404 ] || fail "metrics are shown to the world"
ask -I "$site/v1/health" | grep -qi '^strict-transport-security:' || fail "no Strict-Transport-Security"

# One replica dies half-way, without a word. Four clients, each asking as soon as it is answered.
count() { awk -v code="$1" '$1 == code' "$work"/codes.* | wc -l; }
clients=()
for n in 1 2 3 4; do
  ask --globoff -o /dev/null -w '%{http_code}\n' --config <(
    for i in $(seq $((requests / 4))); do
      printf 'url = "%s/v1/lookup?lon=110.%d&lat=33.%d"\noutput = "/dev/null"\n' "$site" $((n * 10000 + i)) $((50000 + i))
    done) >"$work/codes.$n" &
  clients+=($!)
done
lookups() { grep -c . "$work/catchment.log"; }  # curl's own list comes late
for _ in $(seq 600); do [ "$(lookups)" -ge $((requests / 4)) ] && break; sleep 0.02; done
before=$(lookups)
slay 0
for client in "${clients[@]}"; do wait "$client" || fail "a client was cut off"; done
again=$(awk '$6 ~ /,/' "$work/catchment.log" | wc -l)  # two servers' times: the second was asked what the first left
asked=$(cat "$work"/codes.* | wc -l)
answered=$(count 200)
[ "$before" -lt "$requests" ] || fail "the replica was killed too late to tell"
[ "$answered" -eq $((requests / 4 * 4)) ] || fail "$answered of $requests answered: $(sort "$work"/codes.* | uniq -c | tr '\n' ';')"
[ "$again" -gt 0 ] || fail "the dead replica was asked nothing, so nothing is shown"
echo "Killed after $before requests: $answered of $asked answered 200, $again of them by a second replica."

# With all gone the site still says something, in the form that was asked for.
for n in 1 2 3; do slay "$n"; done
page=$(ask -w '%{http_code}' "$site/")
case $page in *"<title>"*503) ;; *) fail "no fallback page: $page" ;; esac
ask -i "$site/v1/lookup?lon=110.5&lat=33.5" >"$work/answer"
grep -q '^HTTP/2 503' "$work/answer" && grep -qi '^content-type: application/problem+json' "$work/answer" &&
  grep -qi '^retry-after:' "$work/answer" && grep -q '"code":"away"' "$work/answer" || { cat "$work/answer"; fail "no problem document"; }
# Codes and passwords are tried slowly.
ask --config <(for _ in $(seq 80); do printf 'url = "%s/v1/sessions"\noutput = "/dev/null"\n' "$site"; done) \
  -w '%{http_code}\n' >"$work/sessions"
grep -q '^429$' "$work/sessions" || fail "sign-in is not limited: $(sort "$work/sessions" | uniq -c | tr '\n' ';')"
! grep -q '110\.' "$work/catchment.log" || fail "the log has places"
[ ! -s "$work/catchment-error.log" ] || ! grep -q 'lookup' "$work/catchment-error.log" || fail "the error log has queries"
echo "All killed: 503 with Retry-After, page and problem document; sign-in limited; no place in the logs."

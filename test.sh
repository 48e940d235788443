#!/usr/bin/env bash
# Installs what is missing, builds and runs every test, prints a count.
#   ./test.sh             release, then ASan + UBSan, then the viewer and the browser
#   ./test.sh --nightly   also the long tier: big worlds, thousands of mutants and kills, fuzzing
set -euo pipefail
cd "$(dirname "$0")"
nightly=false
[ "${1:-}" = --nightly ] && nightly=true
scripts/install.sh build test
. scripts/node.sh

passed=0
failed=0
skipped=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# Counts come from the runner's own report, so that a suite that runs nothing counts nothing.
run_ctest() {  # preset, then further arguments
  local preset=$1 report=$log/$1-$RANDOM.xml
  shift
  cmake --preset "$preset" >"$log/configure" || { cat "$log/configure"; exit 1; }
  cmake --build --preset "$preset"
  echo "== ctest, preset $preset $*"
  ctest --preset "$preset" --output-junit "$report" --parallel "$(nproc)" "$@" >"$log/ctest" || true
  grep -vE '^ *[0-9]+/[0-9]+ Test .* Passed|^ +Start ' "$log/ctest" || true
  count() { grep -oE "<testsuite[^>]*" -A4 "$report" | grep -oE "$1=\"[0-9]+\"" | head -n 1 | grep -oE '[0-9]+'; }
  local total bad skip
  total=$(count tests) bad=$(count failures) skip=$(($(count skipped) + $(count disabled)))
  passed=$((passed + total - bad - skip)) failed=$((failed + bad)) skipped=$((skipped + skip))
}

# A command is one test.
run_one() {  # name, command ...
  local name=$1
  shift
  echo "== $name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $name"; fi
}

run_ctest release -LE nightly
run_ctest dev -LE nightly
$nightly && run_ctest release -L nightly

[ -d viewer/node_modules ] || npm --prefix viewer ci --no-audit --no-fund
run_one "viewer: types, lint, unit tests" npm --prefix viewer run --silent check
run_one "viewer: build" npm --prefix viewer run --silent build
run_one "browser: the first page in Chromium" tests/browser/run.sh build/release
run_one "same bytes from every compiler" tests/same_bytes.sh build/release/tests/partition.zones 20000
run_one "real data, where it is there" tests/real_data.sh build/release

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

#!/usr/bin/env bash
# Installs what is missing, builds and runs every test, prints a count.
#   ./test.sh             whole programs and large worlds in release, all else under ASan + UBSan, the viewer, the browser
#   ./test.sh --nightly   everything in both builds, and the long tier: big worlds, thousands of kills, fuzzing
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
run_ctest() {  # preset, target, then ctest's arguments
  local preset=$1 target=$2 report=$log/report.xml
  shift 2
  echo "== building, preset $preset, target $target"
  cmake --preset "$preset" >"$log/configure" || { cat "$log/configure"; exit 1; }
  cmake --build --preset "$preset" --target "$target" >"$log/build" || { tail -n 60 "$log/build"; exit 1; }
  echo "== ctest, preset $preset $*"
  ctest --preset "$preset" --output-junit "$report" --parallel "$(nproc)" "$@" >"$log/ctest" || true
  grep -vE '^ *[0-9]+/[0-9]+ Test .* Passed|^ +Start ' "$log/ctest" || true
  count() { grep -m1 -oE "[[:space:]]$1=\"[0-9]+\"" "$report" | grep -oE '[0-9]+'; }
  local bad skip
  bad=$(count failures) skip=$(($(count skipped) + $(count disabled)))
  passed=$((passed + $(count tests) - bad - skip)) failed=$((failed + bad)) skipped=$((skipped + skip))
}

# A command is one test.
run_one() {  # name, command ...
  local name=$1
  shift
  echo "== $name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $name"; fi
}

run_ctest release heavy_tests -L heavy
run_ctest dev unit_tests -LE "nightly|heavy"

[ -d viewer/node_modules ] || npm --prefix viewer ci --no-audit --no-fund
run_one "viewer: types, lint, format" npm --prefix viewer run --silent check
run_one "viewer: unit tests" npm --prefix viewer run --silent test
run_one "viewer: build" npm --prefix viewer run --silent build
run_one "browser and contract: the page and the service in Chromium" tests/browser/run.sh
run_one "same bytes from g++ and clang, -O0 and -O3" tests/same_bytes.sh build/release/tests/partition.zones 20000

if $nightly; then
  run_ctest release all -LE "nightly|heavy"
  run_ctest release all -C nightly -L nightly
  cmake --preset dev -DCATCHMENT_HEAVY_TESTS=ON >/dev/null
  run_ctest dev all -L heavy
  cmake --preset fuzz >/dev/null && cmake --build --preset fuzz
  for fuzzer in build/fuzz/tests/fuzz/*_fuzz; do
    corpus=tests/fuzz/corpus/$(basename "$fuzzer" _fuzz)
    run_one "fuzz: $(basename "$fuzzer"), 30 minutes" "$fuzzer" -max_total_time=1800 "$(mktemp -d)" "$corpus"
  done
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

#!/bin/sh
# The browser and contract tests, against a build in build/release (or CATCHMENT_BUILD). Builds the viewer if it is not built.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ -d "$here/node_modules" ] || npm --prefix "$here" ci --no-audit --no-fund
if { [ -z "${CATCHMENT_VIEWER:-}" ] && [ ! -f "$here/../../viewer/dist/index.html" ]; } || [ ! -f "$here/../../viewer/dist-site/index.html" ]; then
  npm --prefix "$here/../../viewer" ci --no-audit --no-fund
  npm --prefix "$here/../../viewer" run build
fi
cd "$here"
tests="contract.test.mjs lookup.test.mjs address.test.mjs family.test.mjs verify.test.mjs"
tests="$tests workbench.test.mjs desk.test.mjs imports.test.mjs bundle.test.mjs"
exec node --test --test-concurrency=1 --test-reporter=spec $tests

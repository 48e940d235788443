#!/bin/sh
# The site and three look-up replicas (deploy/replicas.sh) on a made-up package; exits 77 where nginx is not installed.
#   tests/server/replicas.sh BUILD_FOLDER
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1/tests/server/make_package" "$work/city.gpkg" 4 >/dev/null
code=0
"$here/deploy/replicas.sh" "$1/server/catchmentd" "$work/city.gpkg" "$work/none.snapshot" 1000 || code=$?
exit $code

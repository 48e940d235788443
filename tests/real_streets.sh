#!/bin/sh
# Walks on the OpenStreetMap extracts that lie beside the repository (../shared/data/osm, ODbL 1.0), and in a synthetic
# city: components, detours, who reaches a school. Walks shorter than straight or unlike on the way back are failures.
# Usage: tests/real_streets.sh [build directory] [directory for the packages]
# Exit code: 0 as expected, 1 otherwise, 77 nothing is there.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$here/build/release}
out=${2:-$(mktemp -d)}
data=${CATCHMENT_DATA:-$here/../shared/data}
catchment=$build/server/catchment check=$build/tests/geo/street_network/real_streets_check
[ -x "$catchment" ] && [ -x "$check" ] || { echo "absent   $catchment or $check"; exit 77; }
mkdir -p "$out"
failed=0
for city in baltimore liechtenstein-2013-08-03 liechtenstein-2015; do
  file=$data/osm/$city.osm.pbf
  [ -f "$file" ] || { echo "absent   $file"; continue; }
  rm -f "$out/$city.gpkg"
  "$catchment" import "$out/$city.gpkg" "$file" --mapping "$here/datasets/mappings/osm.json" --crs EPSG:4326 \
    >"$out/$city.log" 2>&1 || { echo "FAILED   import of $file: see $out/$city.log"; failed=1; continue; }
  "$check" "$out/$city.gpkg" || { echo "FAILED   $city"; failed=1; }
done
"$catchment" synth "$out/made.gpkg" --schools 200 --years 1 --addresses 0 >/dev/null &&
  "$check" "$out/made.gpkg" --trunk-bars --reach 0.99 || { echo "FAILED   synthetic city"; failed=1; }
exit $failed

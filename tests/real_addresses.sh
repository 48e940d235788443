#!/bin/sh
# Measures what a definite answer is worth on Tainan's and Berlin's real addresses, which lie beside the repository.
# Usage: tests/real_addresses.sh [data directory] [path of real_addresses_check]
# Exit code: 0 precision at least 99.9 % everywhere, 1 less, 77 no data.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
data=${1:-${CATCHMENT_DATA:-$here/../shared/data}}
check=${2:-$here/build/release/tests/geo/gazetteer/real_addresses_check}
[ -d "$data/berlin" ] && [ -d "$data/tainan" ] || { echo "no data in $data"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gunzip -c "$data/berlin/addresses_plr_2023.csv.gz" > "$work/addresses.csv"
gunzip -c "$data/berlin/lor_planning_areas_from_2021.geojson.gz" > "$work/areas.geojson"
"$check" "$data/tainan/addresses_geocoded.csv" "$work/addresses.csv" "$work/areas.geojson" \
  "$data/berlin/schools_2023.geojson" "$data/berlin/kitas_address_points_2023.geojson"

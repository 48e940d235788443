#!/usr/bin/env bash
# QGIS without a screen reads the running service: tests/qgis.sh [BUILD]
# Makes the sample city, starts catchmentd on it and lets QGIS' own OGC API - Features client page through every collection;
# what arrives must be the package, read by QGIS too. Then a buffer by qgis_process, the map style's tiles, and the files of a
# published bundle.
# Exit code 77 where QGIS is absent (Debian: qgis python3-qgis; not among this house's packages).
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$here/build/release}
/usr/bin/python3 -c 'import qgis.core' 2>/dev/null || { echo "absent: python3-qgis"; exit 77; }
out=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$out"' EXIT
export QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=$out/run HOME=$out/home LC_ALL=C.UTF-8 no_proxy=127.0.0.1
mkdir -m 700 "$XDG_RUNTIME_DIR" "$HOME"

"$build/server/catchment" synth "$out/made-up.gpkg" --seed 1 --schools 24 --children 20000 >/dev/null
"$build/server/catchment" import "$out/sample.gpkg" "$out/made-up.gpkg" \
  --mapping "$here/datasets/mappings/city_package.json" --crs file >/dev/null
"$build/server/catchmentd" --package "$out/sample.gpkg" --port 0 >"$out/listening" 2>"$out/log" &
service=$!
until grep -q Listening "$out/listening"; do kill -0 "$service" || { cat "$out/log"; exit 1; }; sleep 0.1; done
url=$(sed -n 's/^Listening on \(.*\)\/$/\1/p' "$out/listening")

/usr/bin/python3 "$here/tests/qgis/read_layers.py" "$url" "$out/sample.gpkg"

# As Debian packages it, qgis_process passes an option to QGIS that it does not know; the program beside it works.
program=$(command -v qgis_process.bin || command -v qgis_process)
"$program" run native:buffer -- DISTANCE=0.001 OUTPUT="$out/buffer.gpkg" \
  INPUT="OAPIF://typename='schools' url='$url/ogc'" >"$out/process" 2>&1 || { cat "$out/process"; exit 1; }
buffered=$(ogrinfo -ro -so -al "$out/buffer.gpkg" | sed -n 's/^Feature Count: //p')
schools=$(sqlite3 "$out/sample.gpkg" 'SELECT count(*) FROM school')
echo "qgis_process buffered $buffered of $schools schools"
[ "$buffered" = "$schools" ]

"$build/server/catchment" publish "$out/sample.gpkg" --out "$out/bundle" --unsigned --no-site --no-atlas --no-backtest \
  --date 2026-06-01 >/dev/null 2>&1
/usr/bin/python3 "$here/tests/qgis/read_bundle.py" "$out/bundle" "$out/sample.gpkg"

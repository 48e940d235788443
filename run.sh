#!/usr/bin/env bash
# Installs what is missing, builds, loads the synthetic sample city, starts the service with the viewer.
#   PORT=8080 ./run.sh        any free port with PORT=0
#   ./run.sh code city-1      the one-time code of an account for trying out, to sign in at /#/plan or /#/desk
#   ./run.sh families 6       while it runs: made-up families register a child each and choose the private school
set -euo pipefail
cd "$(dirname "$0")"
if [ "${1:-}" = code ]; then exec python3 scripts/one_time_code.py "$(sed -n "s/^${2:?whose} //p" run/second-factors)"; fi
if [ "${1:-}" = families ]; then
  private=$(sqlite3 run/sample.gpkg "select id from school where ownership = 'private' order by id limit 1")
  exec python3 scripts/rehearse_families.py "http://127.0.0.1:${PORT:-8080}" "${2:-6}" "$private"
fi
scripts/install.sh build
. scripts/node.sh

cmake --preset release >/dev/null
cmake --build --preset release --target catchment catchmentd
[ -d viewer/node_modules ] || npm --prefix viewer ci --no-audit --no-fund
npm --prefix viewer run --silent build

catchment=build/release/server/catchment
mkdir -p run
make_sample() {
  echo "Making the sample city (synthetic: no school, person or address in it is real)"
  rm -f run/sample.gpkg
  "$catchment" synth run/made-up.gpkg --seed 1 --schools 24 --children 20000
  "$catchment" import run/sample.gpkg run/made-up.gpkg --mapping datasets/mappings/city_package.json --crs file
  # Few seats at the private school, so that a handful of families makes a draw.
  sqlite3 run/sample.gpkg "insert into admission_plan (admission_unit_id, school_year, classes, seats, source)
    select id, (select max(school_year) from admission_plan), 1, 3, 'made-up' from school where ownership = 'private'"
  # Its primary zones in words, and the words as the notice that answers cite.
  "$catchment" zones print run/sample.gpkg --layer primary/2026 --out run/sample-notice.csv
  "$catchment" import run/sample.gpkg --notice run/sample-notice.csv --layer primary/2026 --yes >run/sample-notice.txt
  "$catchment" snapshot run/sample.gpkg run/sample.snapshot
}
# One of an earlier schema cannot be read and is made again.
if [ ! -f run/sample.gpkg ] || ! "$catchment" snapshot run/sample.gpkg run/sample.snapshot; then make_sample; fi
"$catchment" match run/sample.gpkg --snapshot run/sample.snapshot --out run/sample-matches.csv
"$catchment" check run/sample.gpkg --examples 2 --json run/sample-check.json || [ $? -eq 1 ]
# A published copy of the city beside the page, in which addresses are looked up without being sent.
{ [ run/bundle/index.html -nt run/sample.gpkg ] && cmp -s viewer/dist-site/site/site.js run/bundle/site/site.js; } ||
  "$catchment" publish run/sample.gpkg --out run/bundle --unsigned --no-atlas --max-zoom 10 --site viewer/dist-site
rm -rf viewer/dist/offline && cp -r run/bundle viewer/dist/offline
echo '{"at":"/offline/index.html"}' >viewer/dist/offline.json
# A rehearsal of a season over the sample city, under the rules of a real document: accounts and children are made up, its
# clock can be set, and what would be sent to phones is written into run/texts. Their password stands here, so they are
# for trying out and nothing else.
season=(--store sqlite:run/season.db --keys run/keys)
if [ ! -f run/season.db ]; then
  echo "Making accounts for trying out: operator, city-1, city-2, district-1, district-2, auditor (password in run/password, codes by ./run.sh code NAME)"
  (umask 077; echo "for trying out only" >run/password; : >run/tokens; : >run/second-factors)
  district=$(sqlite3 run/sample.gpkg "select id from place where kind = 'district' order by id limit 1")
  make_account() {  # name, role, then its scope
    made=$(build/release/server/catchmentd account --token --second-factor "${season[@]}" --name "$1" --role "$2" \
      --password-file run/password "${@:3}")
    echo "$1 $(cut -d ' ' -f 2 <<<"$made")" >>run/tokens
    echo "$1 $(cut -d ' ' -f 3 <<<"$made")" >>run/second-factors
  }
  make_account operator operator
  make_account auditor auditor
  for n in 1 2; do
    make_account "city-$n" city
    make_account "district-$n" district --district "${district:-city}"
  done
fi
exec build/release/server/catchmentd --package run/sample.gpkg --snapshot run/sample.snapshot --viewer viewer/dist \
  "${season[@]}" --policy datasets/policy/packs/guiyang-2024.json --rehearsal --clock 2024-06-11T09:00 --texts run/texts \
  --port "${PORT:-8080}"

#!/bin/sh
# Imports, checks, matches and tries point by point every real data set that lies beside the repository (../shared/data),
# and says which are not there. CATCHMENT_POINTS: how many uniform points a layer is tried with.
# Usage: tests/real_data.sh [path of the catchment program] [directory for the packages]
# Exit code: 0 all that are there imported as expected, 1 otherwise, 77 nothing is there.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
catchment=${1:-$here/build/release/server/catchment}
out=${2:-$(mktemp -d)}
data=${CATCHMENT_DATA:-$here/../shared/data}
maps=$here/tests/golden/mappings
mkdir -p "$out"
for city in berlin seattle nsw denver2016 denver2018 denver2020 tainan loudoun potsdam osm-baltimore \
  osm-liechtenstein-2013-08-03 osm-liechtenstein-2015; do
  rm -f "$out/$city.gpkg"
done
imported=0 failed=0 absent=0

# take PACKAGE FILE MAPPING EXPECTED [OPTIONS...]: EXPECTED is what the report must contain, as "added" counts per table.
take() {
  package=$out/$1.gpkg file=$data/$2 mapping=$3 expected=$4
  shift 4
  if [ ! -f "$file" ]; then
    echo "absent   $file"
    absent=$((absent + 1))
    return
  fi
  report=$("$catchment" import "$package" "$file" --mapping "$mapping" "$@" 2>&1)
  if echo "$report" | grep -qE "$expected"; then
    echo "ok       $file: $(echo "$report" | grep -E '^  [a-z_]+: ' | tr -s ' ' | tr '\n' ';')"
    imported=$((imported + 1))
  else
    echo "FAILED   $file: expected /$expected/ in"
    echo "$report" | sed 's/^/         /'
    failed=$((failed + 1))
  fi
}

# The schools come first: they are the anchors a wrong system contradicts.
take berlin berlin/schools_2023.geojson "$maps/berlin_schools.json" 'campus: 902 read, .* added' --crs EPSG:4326
for wrong in EPSG:4326 EPSG:3857 EPSG:25832 EPSG:25833@yx GCJ02; do
  take berlin berlin/RBS_OD_ESB_2019_06.geojson.gz "$maps/berlin_zones.json" \
    'no row can be taken|not in EPSG:[0-9]+: none of the' --crs $wrong --set school_year=2019 --dry-run
done
for year in 2016 2017 2018 2019; do
  file=$(cd "$data" 2>/dev/null && ls berlin/RBS_OD_ESB_${year}_*.geojson.gz 2>/dev/null)
  take berlin "${file:-berlin/RBS_OD_ESB_${year}}" "$maps/berlin_zones.json" 'zone: 3[34][0-9] read, .*3[34][0-9] added' \
    --crs EPSG:25833 --set school_year=$year --source "esb$year"
done
take berlin berlin/RBS_OD_ESB_2012_12.geojson.gz "$maps/berlin_zones.json" '33[0-9] added' --crs EPSG:3857 --set school_year=2012
take berlin berlin/lor_planning_areas_from_2021.geojson.gz "$maps/berlin_units.json" '542 added' --crs EPSG:4326 \
  --set id_field=PLR_ID --set name_field=PLR_NAME
take berlin berlin/addresses_plr_2023.csv.gz "$maps/berlin_addresses.json" '(40[01][0-9]{3}|39[0-9]{4}) added'
take seattle seattle/sps_school_site_2015_2016.geojson "$maps/seattle_schools.json" 'campus: 97 read, .* added' --crs EPSG:4326
take seattle seattle/sps_attendance_area_ES.geojson "$maps/seattle_zones.json" 'zone: 57 read, 57 added' --crs EPSG:4326 \
  --set level=ES --set stage=primary
take seattle seattle/sps_attendance_area_MS.geojson "$maps/seattle_zones.json" 'zone: 10 read, 10 added' --crs EPSG:4326 \
  --set level=MS --set stage=junior
take seattle seattle/sps_attendance_area_HS.geojson "$maps/seattle_zones.json" 'zone: 9 read, 9 added' --crs EPSG:4326 \
  --set level=HS --set stage=senior
take nsw nsw_future_catchments/catchments_future.geojson "$maps/nsw_zones.json" 'zone: 196 read, .* added' --crs EPSG:4326
for year in 2016 2018 2020; do
  case $year in 2020) id=PRECID ;; 2018) id=VTDST ;; *) id=NAMELSAD ;; esac
  take denver$year geometry/denver_maup/DenverCo_precincts${year}_orig.zip "$maps/denver_units.json" 'unit: 3[45][0-9] read, .* added' \
    --crs file --set id_field=$id
done
take tainan tainan/villages_2017.geojson "$maps/tainan_units.json" '752 added' --crs EPSG:4326
take tainan tainan/schools_2014.csv "$maps/tainan_schools.json" 'school: 269 read, 269 added'
take tainan tainan/population_single_age_2014-12.csv "$maps/tainan_children.json" '13536 added' --set year=2014
take tainan tainan/births_by_village_year.csv "$maps/tainan_births.json" 'birth: 9245 read, .* added'
take tainan tainan/moe_elementary_sy101-103.csv "$maps/tainan_enrolment_primary.json" 'added'
take tainan tainan/moe_junior_sy101-103.csv "$maps/tainan_enrolment_junior.json" 'added'
take tainan tainan/addresses_geocoded.csv "$maps/tainan_addresses.json" '2816 added' --crs EPSG:4326
take loudoun loudoun_plan_units/units.csv "$maps/loudoun_units.json" 'plan_unit: 1359 read, 1359 added'
take loudoun loudoun_plan_units/schools.csv "$maps/loudoun_schools.json" 'campus: 90 read, 90 added' --crs EPSG:2924
take potsdam street_range_rules/potsdam/schools.csv "$maps/potsdam_schools.json" 'campus: 33 read, .* added' --crs EPSG:4326
for city in baltimore liechtenstein-2013-08-03 liechtenstein-2015; do
  take osm-$city osm/$city.osm.pbf "$here/datasets/mappings/osm.json" 'street: [0-9]+ read, .* added' --crs EPSG:4326
done

# expect NAME EXIT_CODE PATTERN COMMAND...
expect() {
  name=$1 code=$2 pattern=$3
  shift 3
  [ -f "$out/${name%% *}.gpkg" ] || return 0
  said=$("$@" 2>&1)
  got=$?
  if [ $got -eq "$code" ] && echo "$said" | grep -qE "$pattern"; then
    echo "ok       $name: $(echo "$said" | grep -E "$pattern" | head -n 1)"
    imported=$((imported + 1))
  else
    echo "FAILED   $name: exit code $got instead of $code, or not /$pattern/ in"
    echo "$said" | head -n 20 | sed 's/^/         /'
    failed=$((failed + 1))
  fi
}

# Good, doubtful and broken GeoJSON, each imported as units: taken or refused with a reason, never anything else. Counts
# of those taken (files with a polygon that can be read) are pinned.
printf '%s' '{"targets":[{"table":"unit","columns":{"id":{"row":true}}}]}' >"$out/any-area.json"
for suite in chrieke/valid:7 chrieke/problematic_geometries:12 chrieke/problematic_structure:1 \
  chrieke/invalid_geometries:4 chrieke/invalid_structure:2 geojsonhint/good:4 geojsonhint/bad:7 \
  mapbox-fixtures/geometry:4; do
  folder=$data/geometry/geojson/${suite%%:*}
  [ -d "$folder" ] || continue
  taken=0 other=0
  for file in "$folder"/*.geojson; do
    "$catchment" import "$out/geojson.gpkg" "$file" --mapping "$out/any-area.json" --crs EPSG:4326 --dry-run >/dev/null 2>&1
    case $? in 0) taken=$((taken + 1)) ;; 2) ;; *) other=$((other + 1)) ;; esac
  done
  if [ "$taken" -eq "${suite##*:}" ] && [ "$other" -eq 0 ]; then
    echo "ok       $folder: $taken taken, the others refused"
    imported=$((imported + 1))
  else
    echo "FAILED   $folder: $taken taken instead of ${suite##*:}, $other neither taken nor refused"
    failed=$((failed + 1))
  fi
done

# What is wrong with these layers is known; a sound one must stay sound.
expect 'berlin check' 1 '^  layer_unlinked' "$catchment" check "$out/berlin.gpkg" --layer primary/2016
expect 'seattle check' 1 '^junior/2015/general: 10 zones' "$catchment" check "$out/seattle.gpkg"
expect 'nsw check' 1 '^  overlap: [0-9]+ \(error\)' "$catchment" check "$out/nsw.gpkg"
expect 'denver2016 check' 1 '^  gap: [0-9]+ \(error\)' "$catchment" check "$out/denver2016.gpkg"
expect 'denver2020 check' 1 '^  sliver_gap: [0-9]+ \(error\)' "$catchment" check "$out/denver2020.gpkg"
expect 'tainan check' 1 '^unit: 752 zones' "$catchment" check "$out/tainan.gpkg"

# Kindergartens of Berlin, Seattle's and NSW's own layers: every point has its answer.
expect 'berlin match' 0 'inside 28[0-9][0-9]' "$catchment" match "$out/berlin.gpkg" \
  "$data/berlin/kitas_address_points_2023.geojson" --crs EPSG:4326 --layer primary/2019 --out "$out/berlin-kitas.csv"
expect 'seattle match' 0 'inside [0-9]+' "$catchment" match "$out/seattle.gpkg" \
  "$data/seattle/sps_school_site_2015_2016.geojson" --crs EPSG:4326 --out "$out/seattle-sites.csv"

# Point by point against the definition, GEOS and Boost.Geometry.
partition=$(dirname "$catchment")/../tests/geo/partition_check
if [ -x "$partition" ]; then
  points=${CATCHMENT_POINTS:-20000}
  for year in 2012 2016 2017 2018 2019; do
    expect "berlin partition $year" 0 'all agree' "$partition" --package "$out/berlin.gpkg" primary/$year "$points"
  done
  expect 'seattle partition' 0 'all agree' "$partition" --package "$out/seattle.gpkg" primary/2015 "$points"
  expect 'nsw partition' 0 'all agree' "$partition" --package "$out/nsw.gpkg" primary/2026 "$points"
fi

echo "$imported as expected, $failed failed, $absent absent; packages in $out"
[ "$failed" -eq 0 ] || exit 1
[ "$imported" -gt 0 ] || exit 77

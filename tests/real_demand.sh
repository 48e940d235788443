#!/bin/sh
# Back-tests the demand forecast on the published series that lie beside the repository (../shared/data): every error
# beside every baseline, the intervals' coverage, the noise floor, and whether what is demanded of them is met.
# Usage: tests/real_demand.sh [data directory] [build directory]
# Exit code: 0 all that is demanded is met, 1 otherwise, 77 nothing is there.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
data=${1:-${CATCHMENT_DATA:-$here/../shared/data}}
programs=${2:-$here/build/release}/tests/real_demand
ran=0 failed=0
for check in ecasd_check:ecasd tainan_demand_check:tainan berlin_demand_check:berlin; do
  program=$programs/${check%%:*} folder=$data/${check##*:}
  [ -x "$program" ] && [ -d "$folder" ] || { echo "absent   $program or $folder"; continue; }
  echo "== ${check%%:*}"
  "$program" "$folder"
  case $? in 0) ran=$((ran + 1)) ;; 77) ;; *) ran=$((ran + 1)) failed=$((failed + 1)) ;; esac
done
echo "$ran programs ran, $failed found something"
[ "$failed" -eq 0 ] || exit 1
[ "$ran" -gt 0 ] || exit 77

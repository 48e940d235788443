#!/bin/sh
# Reads the published zone texts that lie beside the repository (../shared/data) and says how much was read, resolved and
# answered right, with every failure's class: Zhengzhou, Laishui and Lingbao by words alone, Potsdam's and Czech street
# ranges, Tainan's 253 texts against its villages and addresses.
# Usage: tests/real_text.sh [data directory] [build directory] [--all: every failure, not the first of each class]
# Exit code: 0 no program found a fault of ours, 1 otherwise, 77 nothing is there.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
data=${1:-${CATCHMENT_DATA:-$here/../shared/data}}
programs=${2:-$here/build/release}/tests/real_text
ran=0 failed=0
for check in china_text_check:china_text foreign_ranges_check:street_range_rules tainan_check:tainan; do
  program=$programs/${check%%:*} folder=$data/${check##*:}
  [ -x "$program" ] && [ -d "$folder" ] || { echo "absent   $program or $folder"; continue; }
  echo "== ${check%%:*}"
  "$program" "$folder" ${3:-}
  case $? in 0) ran=$((ran + 1)) ;; 77) ;; *) ran=$((ran + 1)) failed=$((failed + 1)) ;; esac
done
echo "$ran programs ran, $failed found something"
[ "$failed" -eq 0 ] || exit 1
[ "$ran" -gt 0 ] || exit 77

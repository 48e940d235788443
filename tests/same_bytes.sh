#!/usr/bin/env bash
# The same zone file, the same answers, byte for byte: g++ and clang, -O0 and -O3, one thread and two.
#   tests/same_bytes.sh ZONE_FILE POINTS [WORK_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
zones=$1
points=$2
work=${3:-$(mktemp -d)}
mkdir -p "$work"
sources=(tests/geo/partition_digest.cpp geo/face_codes.cpp geo/point.cpp geo/snapshot.cpp geo/zone_index.cpp
  geo/zone_index_avx512.cpp geo/zone_index_batch.cpp geo/zone_index_build.cpp geo/zone_index_locate.cpp
  geo/zone_pieces.cpp)
for compiler in g++ clang++-14; do
  for level in -O0 -O3; do
    "$compiler" -std=c++20 "$level" -DNDEBUG -ffp-contract=off -I. "${sources[@]}" -o "$work/digest" -lxxhash -lpthread
    for threads in 1 2; do
      line=$("$work/digest" "$zones" "$points" "$threads")
      printf '%-11s %s %s thread(s): %s\n' "$compiler" "$level" "$threads" "$line"
      printf '%s\n' "$line" >>"$work/lines"
    done
  done
done
distinct=$(sort -u "$work/lines" | wc -l)
rm -f "$work/lines" "$work/digest"
if [ "$distinct" -ne 1 ]; then
  echo "FAILED: $distinct different answers"
  exit 1
fi
echo "all the same"

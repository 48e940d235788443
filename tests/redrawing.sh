#!/usr/bin/env bash
# The optimiser on three real cities: tests/redrawing.sh DATA OUT [SECONDS] [CATCHMENT]
# Berlin-Mitte (zones x planning areas), Tainan (villages), Denver (precincts) are cut into units, redrawn with at most one
# unit of ten moved, and drawn before and after as OUT/<city>.html. Every plan is checked here, by code of its own: whole,
# connected, within the budget. Fails unless each has fewer pupils beyond the seats than now. Exit code 77 without data.
#   Berlin: pupils and seats of the schools in 2018/19, spread over a zone's units by residents of 6 to 15 (2018).
#   Tainan: residents of six in December 2014, wherever they go, and 29 seats in each first-grade class. A village is of
#           the first school whose words name it: neighbourhoods (鄰) are not told apart.
#   Denver: no pupils are published with the precincts. Votes of 2020 stand for them and state house districts for zones,
#           with 3 % more seats than the mean; it is a case of shapes, not of schools.
set -u
data=${1:?DATA} out=${2:?OUT} seconds=${3:-20} here=$(cd "$(dirname "$0")/.." && pwd)
catchment=${4:-$here/build/release/server/catchment}
[ -d "$data/berlin" ] && [ -d "$data/tainan" ] && [ -d "$data/geometry/denver_maup" ] || { echo "absent: $data"; exit 77; }
mkdir -p "$out"
exec /usr/bin/python3 "$here/tests/redrawing.py" "$data" "$out" "$seconds" "$catchment"

#!/usr/bin/env bash
# Figures of the service beside named peers, each in one run.
#   tests/bench/http_load/run.sh BUILD_DIR look_ups --package city.gpkg [--snapshot FILE]    nginx, http_hello
#   tests/bench/http_load/run.sh BUILD_DIR registrations [--postgres]                        fdatasync of the same disk
#   tests/bench/http_load/run.sh BUILD_DIR opening_day [--part overload|waiting|results]     waiting room, tickets, overload, results hour
#   tests/bench/http_load/run.sh BUILD_DIR city_rehearsal                                    a city's families, killed each minute
#   tests/bench/http_load/run.sh BUILD_DIR tiles --package city.gpkg                         ST_AsMVT
set -euo pipefail
build=$1 what=$2
exec python3 -B "$(dirname "$0")/$what.py" --build "$build" "${@:3}"

#!/usr/bin/env bash
# The optimiser on public service-area instances: tests/service_area.sh DATA [SECONDS] [CATCHMENT]
# DATA holds sap/ with *.txt tables, zys_connectivity.txt and best_known.csv. Every plan is checked here, by code of its own.
# Fails unless all plans are legal, no bound is above a plan or the best known value, the mean gap to it is at most
# 0.05 % (0.20 % within 5 s), and the mean proven gap at most 1 %. Exit code 77 where the data is absent.
set -u
data=${1:?DATA} seconds=${2:-30} here=$(cd "$(dirname "$0")/.." && pwd)
catchment=${3:-$here/build/bench/server/catchment}
sap=$data/sap
[ -f "$sap/best_known.csv" ] || { echo "absent: $sap/best_known.csv"; exit 77; }
out=$(mktemp -d) && trap 'rm -rf "$out"' EXIT
export LC_ALL=C
printf '%-10s %12s %12s %12s %9s %9s %8s\n' instance objective bound best_known gap_% proven_% legal
tail -n +2 "$sap/best_known.csv" | while IFS=, read -r name best _; do
  units=$sap/$name.txt
  [ -f "$units" ] || { echo "absent: $units"; continue; }
  "$catchment" plan optimize --units "$units" --adjacency "$sap/zys_connectivity.txt" --seconds "$seconds" --seed 1 \
    --json "$out/$name.json" >/dev/null || echo "failed: $name"
  python3 - "$out/$name.json" "$units" "$sap/zys_connectivity.txt" "$name" "$best" <<'PY'
import json, math, sys
plan, units, borders, name, best = sys.argv[1:]
plan, best = json.load(open(plan)), float(best)
rows = [line.split('\t') for line in open(units).read().split('\n')[1:] if line.strip()]
pop = {r[0]: int(r[1]) for r in rows}
at = {r[0]: (float(r[2]), float(r[3])) for r in rows}
seats = {r[0]: int(r[6]) for r in rows if int(r[6]) > 0}
near = {u: set() for u in pop}
for line in open(borders).read().split('\n')[1:]:
    f = line.split(',')
    if len(f) > 2:
        near[f[1]].add(f[2]); near[f[2]].add(f[1])
to = plan['assignment']
legal = set(to) == set(pop) and set(to.values()) <= set(seats)
for s in seats:
    zone = {u for u in to if to[u] == s}
    reached, front = {s}, [s]
    while front:
        for w in near[front.pop()] & zone - reached:
            reached.add(w); front.append(w)
    legal &= to.get(s) == s and reached == zone and sum(pop[u] for u in zone) <= seats[s]
cost = sum(pop[u] * math.dist(at[u], at[s]) for u, s in to.items()) / 1000
legal &= abs(cost - plan['objective']) < 1e-6 and plan['bound'] <= min(cost, best) + 1e-6
print('%-10s %12.5f %12.5f %12.5f %9.4f %9.4f %8s' % (name, cost, plan['bound'], best, 100 * (cost - best) / best,
                                                   100 * (cost - plan['bound']) / cost, 'yes' if legal else 'NO'))
PY
done | tee "$out/table"
awk -v seconds="$seconds" '
  $7 == "yes" { n++; gap += $5; proven += $6 } $7 != "yes" { bad++ }
  END {
    if (n == 0) exit 1
    most = seconds >= 30 ? 0.05 : 0.20
    printf "%d plans, %d not legal; mean gap %.4f %% (at most %.2f), mean proven gap %.4f %% (at most 1)\n",
      n, bad, gap / n, most, proven / n
    exit bad > 0 || gap / n > most || proven / n > 1
  }' "$out/table"

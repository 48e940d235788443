#!/usr/bin/env bash
# The choice of sites on OR-Library's p-median instances: tests/site_choice.sh DATA [SECONDS] [CATCHMENT] [ONLY]
# DATA holds graphs/orlib_pmed/ with pmed*.txt.gz, pmedopt.txt and pmedcap1.txt. Every plan is checked here, by code of its
# own. Fails unless every instance is solved to a proof with the optimum that is published. SECONDS (300) is the most an
# instance may take; ONLY is a pattern of names. Exit code 77 where the data is absent.
set -u
data=${1:?DATA} seconds=${2:-300} here=$(cd "$(dirname "$0")/.." && pwd)
catchment=${3:-$here/build/bench/server/catchment} only=${4:-*}
pmed=$data/graphs/orlib_pmed
[ -f "$pmed/pmedopt.txt" ] || { echo "absent: $pmed/pmedopt.txt"; exit 77; }
out=$(mktemp -d) && trap 'rm -rf "$out"' EXIT
export LC_ALL=C
python3 - "$pmed" "$out" <<'PY'
import glob, gzip, math, os, sys
pmed, out = sys.argv[1:]
def write(name, file, head, rows):
    os.makedirs(f'{out}/{name}', exist_ok=True)
    with open(f'{out}/{name}/{file}', 'w') as f:
        f.write(head + '\n')
        f.writelines(','.join(map(str, r)) + '\n' for r in rows)
def instance(name, p, best, units, sites):
    write(name, 'units.csv', 'id,children', units)
    write(name, 'candidates.csv', 'id,unit,seats', sites)
    open(f'{out}/list', 'a').write(f'{name} {p} {best}\n')
lines = [l.split() for l in open(f'{pmed}/pmedopt.txt').read().split('\n')[1:] if l.strip()]
for name, best in lines:
    numbers = list(map(int, gzip.open(f'{pmed}/{name}.txt.gz', 'rt').read().split()))
    n, m, p = numbers[:3]
    edges = {}
    for k in range(m):  # OR-Library: of edges between the same two the last counts
        u, v, length = numbers[3 + 3 * k:6 + 3 * k]
        edges[min(u, v), max(u, v)] = length
    instance(name, p, best, [(u, 1) for u in range(1, n + 1)], [(u, u, '') for u in range(1, n + 1)])
    write(name, 'edges.csv', 'u,v,metres', [(u, v, length) for (u, v), length in edges.items()])
numbers = list(map(int, open(f'{pmed}/pmedcap1.txt').read().split()))
at = 1
for _ in range(numbers[0]):
    number, best, n, p, seats = numbers[at:at + 5]
    rows = [numbers[at + 5 + 4 * k:at + 9 + 4 * k] for k in range(n)]
    at += 5 + 4 * n
    name = f'pmedcap{number}'
    instance(name, p, best, [(r[0], r[3]) for r in rows], [(r[0], r[0], seats) for r in rows])
    write(name, 'distances.csv', 'unit,site,cost',
          [(a[0], b[0], math.floor(math.dist(a[1:3], b[1:3]))) for a in rows for b in rows])
PY
printf '%-10s %5s %4s %9s %9s %9s %8s %7s %8s %6s\n' instance units open optimum ours bound proved rounds seconds right
while read -r name p best; do
  case $name in $only) ;; *) continue ;; esac
  how=--edges how_file=$out/$name/edges.csv
  [ -f "$how_file" ] || how=--distances how_file=$out/$name/distances.csv
  "$catchment" plan sites --units "$out/$name/units.csv" --candidates "$out/$name/candidates.csv" "$how" "$how_file" \
    --open "$p" --seconds "$seconds" --seed 1 --json "$out/$name/plan.json" >/dev/null || echo "failed: $name"
  python3 - "$out/$name" "$name" "$p" "$best" <<'PY'
import csv, heapq, json, os, sys
place, name, p, best = sys.argv[1:]
p, best = int(p), float(best)
plan = json.load(open(f'{place}/plan.json'))
units = {r['id']: int(r['children']) for r in csv.DictReader(open(f'{place}/units.csv'))}
seats = {r['id']: r['seats'] for r in csv.DictReader(open(f'{place}/candidates.csv'))}
chosen = [s['site'] for s in plan['sites'] if s['change'] == 'opens']
cost = {}
if os.path.exists(f'{place}/distances.csv'):
    for r in csv.DictReader(open(f'{place}/distances.csv')):
        cost[r['unit'], r['site']] = float(r['cost'])
else:
    near = {u: [] for u in units}
    for r in csv.DictReader(open(f'{place}/edges.csv')):
        near[r['u']].append((r['v'], float(r['metres']))); near[r['v']].append((r['u'], float(r['metres'])))
    for s in chosen:
        front, done = [(0.0, s)], set()
        while front:
            d, u = heapq.heappop(front)
            if u in done: continue
            done.add(u); cost[u, s] = d
            for v, length in near[u]: heapq.heappush(front, (d + length, v))
to = plan['assignment']
load = {s: sum(units[u] for u in to if to[u] == s) for s in chosen}
right = set(to) == set(units) and set(to.values()) <= set(chosen) and len(set(chosen)) == p
right &= all(not seats[s] or load[s] <= int(seats[s]) for s in chosen)
ours = sum(cost[u, to[u]] for u in to)
right &= abs(ours - plan['objective']) < 1e-6 and plan['bound'] <= min(ours, best) + 1e-6
proved = plan['status'] == 'optimal'
right &= proved and abs(ours - best) < 1e-6
print('%-10s %5d %4d %9.0f %9.0f %9.2f %8s %7d %8.2f %6s' % (name, len(units), p, best, ours, plan['bound'],
      'yes' if proved else 'no', plan['rounds'], plan['seconds'], 'yes' if right else 'NO'))
PY
done <"$out/list" | tee "$out/table"
awk '{ n++ } $10 != "yes" { bad++ } { seconds += $9 } END {
  if (n == 0) exit 1
  printf "%d instances, %d not solved to the published optimum with a proof; %.1f seconds in all\n", n, bad, seconds
  exit bad > 0 }' "$out/table"

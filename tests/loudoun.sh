#!/usr/bin/env bash
# The optimiser on a real district's three levels: tests/loudoun.sh DATA [SECONDS] [CATCHMENT] [SEED]
# DATA holds loudoun_plan_units/ with units.csv, edges.csv, schools.csv, published_best_plans.csv and published_scores.csv.
# Every score and every plan is checked here, by code of its own. Fails unless the published scores come out to 8 digits,
# or as near as the tables' last digits can tell (borders to 0.01 ft: see rounding()), each level's plan is connected and
# scores better than every published one, and so does a plan that moves at most half as many units. A second plan moves
# half as many as the published best: how far it is from that one is printed. Exit code 77 where the data is absent.
set -u
data=${1:?DATA} seconds=${2:-60} here=$(cd "$(dirname "$0")/.." && pwd)
catchment=${3:-$here/build/release/server/catchment} seed=${4:-1}
data=$data/loudoun_plan_units
[ -f "$data/units.csv" ] || { echo "absent: $data/units.csv"; exit 77; }
export LC_ALL=C
python3 - "$data" "$seconds" "$catchment" "$seed" <<'PY'
import collections, csv, json, math, os, subprocess, sys, tempfile
data, seconds, catchment, seed = sys.argv[1:]
data = os.path.abspath(data)  # tables are looked for beside the problem file
rows = lambda name: list(csv.DictReader(open(os.path.join(data, name))))
units = {r['unit']: r for r in rows('units.csv')}
edges = [(r['unit_a'], r['unit_b'], float(r['shared_ft'])) for r in rows('edges.csv')]
schools, published, plans = rows('schools.csv'), rows('published_scores.csv'), rows('published_best_plans.csv')
near = collections.defaultdict(set)
for a, b, length in edges:
    if length >= 1:  # units that touch in a point do not connect
        near[a].add(b); near[b].add(a)
levels = [('ELEM', 'ELEMENTARY', 'elem_pupils', 'es_2020'), ('MID', 'MIDDLE', 'mid_pupils', 'ms_2020'),
          ('HIGH', 'HIGH', 'high_pupils', 'hs_2020')]
known = {'ELEM': (18.119282, 14.435917), 'MID': (4.956060, 3.859771), 'HIGH': (4.934627, 3.262294)}

def score(plan, pupils, seats):
    zones, total = collections.defaultdict(set), 0
    for u, s in plan.items():
        zones[s].add(u)
    for s, zone in zones.items():
        children = sum(int(units[u][pupils]) for u in zone)
        area = sum(float(units[u]['area_sqft']) for u in zone)
        perimeter = sum(float(units[u]['perimeter_ft']) for u in zone)
        perimeter -= 2 * sum(length for a, b, length in edges if a in zone and b in zone)
        total += .7 * abs(1 - (children + .001) / (seats[s] + 1e-5)) + .3 * (1 - 4 * math.pi * area / perimeter ** 2)
    return total

# The standard deviation of a score by the tables' rounding alone: perimeters and borders to 0.01 ft, areas to 0.1 sq ft.
# The published zones of the ELEM plan have perimeters up to 0.05 ft from the tables' sums; with their own perimeters
# and areas the formula gives the published compactness in all 16 digits (run 20 of SPATIAL, six zones checked by hand).
def rounding(plan):
    zones, variance = collections.defaultdict(set), 0
    for u, s in plan.items():
        zones[s].add(u)
    for zone in zones.values():
        area = sum(float(units[u]['area_sqft']) for u in zone)
        inside = [length for a, b, length in edges if a in zone and b in zone]
        perimeter = sum(float(units[u]['perimeter_ft']) for u in zone) - 2 * sum(inside)
        by_perimeter, by_area = .6 * 4 * math.pi * area / perimeter ** 3, .3 * 4 * math.pi / perimeter ** 2
        variance += by_perimeter ** 2 * (len(zone) + 4 * len(inside)) * .01 ** 2 / 12 + by_area ** 2 * len(zone) * .1 ** 2 / 12
    return math.sqrt(variance)

def connected(plan, home):
    for s, at in home.items():
        zone = {u for u in plan if plan[u] == s}
        reached, front = {at}, [at]
        while front:
            for w in near[front.pop()] & zone - reached:
                reached.add(w); front.append(w)
        if plan.get(at) != s or reached != zone:
            return False
    return set(plan) == set(units)

def problem(level, pupils, current, most):
    ask = {'units': {'table': data + '/units.csv', 'id': 'unit', 'children': pupils, 'current': current,
                     'area': 'area_sqft', 'perimeter': 'perimeter_ft'},
           'borders': {'table': data + '/edges.csv', 'from': 'unit_a', 'to': 'unit_b', 'length': 'shared_ft',
                       'least_length': 1},
           'schools': {'table': data + '/schools.csv', 'only': {'level': level}, 'id': 'code', 'unit': 'unit',
                       'seats': 'capacity'},
           'goals': [{'goal': 'balance', 'weight': .7, 'target_shift': -0.00099, 'scale_shift': 1e-5},
                     {'goal': 'compactness', 'weight': .3}],
           'limits': {'seats': False}}
    if most is not None:
        ask['limits']['units_moved'] = most
    return ask

def solve(folder, ask):
    path, out = os.path.join(folder, 'problem.json'), os.path.join(folder, 'plan.json')
    json.dump(ask, open(path, 'w'))
    subprocess.run([catchment, 'plan', 'optimize', '--problem', path, '--seconds', seconds, '--seed', seed, '--json', out],
                   stdout=subprocess.DEVNULL, check=False)
    return json.load(open(out))

failed = []
def want(ok, what):
    if not ok:
        failed.append(what)
    return ok

print('%-5s %-10s %10s %10s %10s %8s %6s %9s %8s' % ('level', 'plan', 'published', 'ours', 'bound', 'gap_%', 'units',
                                                     'children', 'seconds'))
with tempfile.TemporaryDirectory() as folder:
    for short, level, pupils, current in levels:
        seats = {s['code']: float(s['capacity']) for s in schools if s['level'] == level}
        home = {s['code']: s['unit'] for s in schools if s['level'] == level}
        at = {u: s for s, u in home.items()}
        now = {u: r[current] for u, r in units.items()}
        zones = collections.defaultdict(list)
        for r in plans:
            if r['level'] == short:
                zones[r['zone']].append(r['unit'])
        best = {u: at[next(w for w in zone if w in at)] for zone in zones.values() for u in zone}
        best_score = min(float(r['best_F']) for r in published if r['level'] == short)
        for plan, value, name in ((now, known[short][0], 'plan in force'), (best, known[short][1], 'published plan')):
            off = abs(score(plan, pupils, seats) - value)
            want(off < 5e-7 + 2 * rounding(plan), short + ': score of the ' + name)
            print('%s, score of the %s: %.1e off; the tables are rounded to %.1e' % (short, name, off, rounding(plan)))
        want(connected(best, home), short + ': the published plan is not connected by our rule')
        limit, ours = None, None
        published_moves = sum(best[u] != now[u] for u in best)
        for name in ('free', 'half', 'second'):
            r = solve(folder, problem(level, pupils, current, limit))
            plan = r['assignment']
            if not want(plan, short + ' ' + name + ': a plan'):
                continue
            moved = [u for u in plan if plan[u] != now[u]]
            value = score(plan, pupils, seats)
            want(abs(r['current']['objective'] - score(now, pupils, seats)) < 1e-8, short + ': its score of the plan in force')
            want(abs(value - r['objective']) < 1e-8, short + ' ' + name + ': its score')
            want(connected(plan, home), short + ' ' + name + ': connected')
            want(r['bound'] <= min(value, best_score if limit is None else value) + 1e-9, short + ' ' + name + ': bound')
            over = ''
            if name == 'free':
                want(value < best_score, short + ': better than published')
                limit, ours = len(moved) // 2, value
            elif name == 'half':
                want(len(moved) <= limit and value < best_score, short + ': better than published with half the units')
                over = '%+.1f %% of free' % (100 * (value / ours - 1))
                limit = published_moves // 2
            else:
                want(len(moved) <= limit, short + ': half the units of the published best')
                over = '%+.1f %% of published, which moves %d' % (100 * (value / best_score - 1), published_moves)
            print('%-5s %-10s %10.6f %10.6f %10.6f %8.2f %6d %9d %8.1f' %
                  (short, name, best_score, value, r['bound'], 100 * r['gap'], len(moved),
                   sum(int(units[u][pupils]) for u in moved), r['seconds']), over, flush=True)
for what in failed:
    print('FAILED', what)
sys.exit(1 if failed else 0)
PY

#!/usr/bin/env python3
"""Made-up instances of the service-area problem, in the tables of tests/service_area.sh:
make_service_area.py OUT UNITS SCHOOLS SEED [SLACK]

Writes OUT/units.txt and OUT/connectivity.txt. Units stand on a shaken triangular grid that fills a ragged district, with
children of a long-tailed law (median 9, a tenth above 25); schools stand apart from each other, with seats in tens for
SLACK (1.02) times the children of zones grown around them to uneven sizes, so that there is a legal plan.
All is synthetic, and the same for a seed.
"""
import heapq, math, os, random, sys


def make(units, schools, seed, slack):
    draw = random.Random(seed)
    side = int(math.sqrt(units * 1.35)) + 2
    bumps = [(draw.uniform(0, 6.28), draw.randint(2, 5), draw.uniform(0.03, 0.10)) for _ in range(4)]

    def depth(cell):  # how far within the district; its outline is wavy
        x, y = (cell[0] + cell[1] % 2 / 2) / side - 0.5, cell[1] / side - 0.5
        turn = math.atan2(y, x)
        return 1 + sum(a * math.sin(k * turn + p) for p, k, a in bumps) - 2 * math.hypot(x, y) * draw.uniform(0.98, 1.02)

    cells = sorted(((i, j) for i in range(side) for j in range(side)), key=depth, reverse=True)

    def near(cell):
        i, j = cell
        shift = -1 if j % 2 == 0 else 0
        return [(i - 1, j), (i + 1, j), (i + shift, j - 1), (i + shift + 1, j - 1), (i + shift, j + 1), (i + shift + 1, j + 1)]

    wanted = set(cells[:int(units * 1.3)])
    kept, front, seen = [], [cells[0]], {cells[0]}  # connected, nearest to the middle first, with holes
    closed = {c for c in wanted if draw.random() < 0.04} - {cells[0]}
    for cell in front:
        if len(kept) == units:
            break
        kept.append(cell)
        for w in near(cell):
            if w in wanted and w not in seen and w not in closed:
                seen.add(w)
                front.append(w)
    assert len(kept) == units, 'the district is too small'
    number = {c: k + 1 for k, c in enumerate(sorted(kept, key=lambda c: (c[1], c[0])))}
    step = 230.0
    at, pop = {}, {}
    for c, k in sorted(number.items(), key=lambda e: e[1]):
        at[k] = (60000 + step * (c[0] + c[1] % 2 / 2) + draw.uniform(-80, 80), 44000 + step * 0.866 * c[1] + draw.uniform(-80, 80))
        pop[k] = min(160, max(1, round(math.exp(draw.gauss(2.15, 0.85)))))
    pairs = [(number[c], number[w]) for c in kept for w in near(c) if w in number and draw.random() < 0.97]
    pairs += [(b, a) for a, b in pairs]
    sites = []
    for _ in range(schools):  # of a few places the one farthest from the schools so far
        tries = [k for k in draw.sample(sorted(at), 6) if k not in sites]
        sites.append(max(tries, key=lambda k: min((math.dist(at[k], at[s]) for s in sites), default=0)))
    near_to = {k: [] for k in at}
    for a, b in pairs:
        near_to[a].append(b)
    nearest = dict.fromkeys(sites, 0)
    for k in at:
        nearest[min(sites, key=lambda s: math.dist(at[k], at[s]))] += pop[k]
    mean = sum(pop.values()) / schools
    size = {s: (0.6 * nearest[s] + 0.4 * mean) * draw.uniform(0.75, 1.3) for s in sites}
    # Zones grown around the schools, the one farthest from its size first; what they hold is seated, so there is a plan.
    load, taken, front = dict.fromkeys(sites, 0), set(sites), {s: [(0, s)] for s in sites}
    while front:
        s = min(front, key=lambda s: (load[s] / size[s], s))
        _, k = heapq.heappop(front[s])
        if k == s or k not in taken:
            taken.add(k)
            load[s] += pop[k]
            for w in near_to[k]:
                if w not in taken:
                    heapq.heappush(front[s], (math.dist(at[w], at[s]), w))
        if not front[s]:
            del front[s]
    seats = {s: math.ceil(load[s] * slack / 10) * 10 for s in sites}
    return at, pop, seats, sorted(set(pairs))


def main():
    out, units, schools, seed = sys.argv[1], *map(int, sys.argv[2:5])
    at, pop, seats, pairs = make(units, schools, seed, float(sys.argv[5]) if len(sys.argv) > 5 else 1.02)
    os.makedirs(out, exist_ok=True)
    with open(f'{out}/units.txt', 'w') as f:
        f.write('OID\tpop\tPointX\tPointY\tfcadidature\tfcost\tfcapacity\n')
        f.writelines('%d\t%d\t%.3f\t%.3f\t%d\t0\t%d\n' % (k, pop[k], *at[k], k in seats, seats.get(k, 0)) for k in at)
    with open(f'{out}/connectivity.txt', 'w') as f:
        f.write('"OID_","ID1","ID2","dist12"\n')
        f.writelines(',%d,%d,%.3f\n' % (a, b, math.dist(at[a], at[b])) for a, b in pairs)


if __name__ == '__main__':
    main()

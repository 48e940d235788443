"""Cuts three cities into units, lets the optimiser redraw them, checks and draws the plans: see redrawing.sh."""
import collections, csv, gzip, html, json, math, os, subprocess, sys
from osgeo import ogr, osr

data, out, seconds, catchment = sys.argv[1:]
ogr.UseExceptions()
COLOURS = ['#8dd3c7', '#ffffb3', '#bebada', '#fdb462', '#80b1d3', '#fccde5', '#b3de69', '#d9d9d9', '#bc80bd', '#ccebc5']


def reference(epsg):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(epsg)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def shapes(path, key, wanted=lambda p: True, transform=None):
    opener = gzip.open if path.endswith('.gz') else open
    found = []
    for f in json.load(opener(path, 'rt', encoding='utf-8-sig'))['features']:
        if not wanted(f['properties']):
            continue
        g = ogr.CreateGeometryFromJson(json.dumps(f['geometry']))
        if transform:
            g.Transform(transform)
        found.append((key(f['properties']), g.MakeValid(), f['properties']))
    return found


class City:
    def __init__(self, name, unit_is, load_is):
        self.name, self.unit_is, self.load_is = name, unit_is, load_is
        self.units, self.zones, self.children = [], {}, {}  # id -> geometry; unit -> zone; unit -> pupils
        self.schools = []  # id, unit, seats, zone

    def spread(self, pupils, weight):
        """A zone's pupils over its units, whole, by weight."""
        members = collections.defaultdict(list)
        for u, z in self.zones.items():
            members[z].append(u)
        for z, us in members.items():
            total = sum(weight[u] for u in us) or 1
            exact = {u: pupils.get(z, 0) * weight[u] / total for u in us}
            whole = {u: int(exact[u]) for u in us}
            for u in sorted(us, key=lambda u: (whole[u] - exact[u], u))[:pupils.get(z, 0) - sum(whole.values())]:
                whole[u] += 1
            self.children.update(whole)

    def borders(self):
        boxes = [(u, g, g.GetEnvelope()) for u, g in self.units]
        found = {}
        for i, (a, ga, ea) in enumerate(boxes):
            for b, gb, eb in boxes[i + 1:]:
                if ea[0] > eb[1] + 1 or eb[0] > ea[1] + 1 or ea[2] > eb[3] + 1 or eb[2] > ea[3] + 1:
                    continue
                shared = ga.Buffer(.5).Intersection(gb.Buffer(.5)).Area()  # a metre wide along a common border
                if shared > 20:
                    found[a, b] = shared
        # What lies apart in a zone now may stay so.
        near = collections.defaultdict(set)
        for a, b in found:
            near[a].add(b), near[b].add(a)
        home = {}
        for s in self.schools:
            home.setdefault(s['zone'], s['unit'])
        for z, at in home.items():
            zone = {u for u in self.zones if self.zones[u] == z}
            while True:
                reached = reach(at, zone, near)
                rest = sorted(zone - reached)
                if not rest:
                    break
                found[at, rest[0]] = 0.0
                near[at].add(rest[0]), near[rest[0]].add(at)
        self.near = near
        return found


def reach(start, within, near):
    reached, front = {start}, [start]
    while front:
        for w in near[front.pop()] & within - reached:
            reached.add(w)
            front.append(w)
    return reached


def berlin():
    city = City('Berlin-Mitte', 'a planning area within a zone', 'pupils of 2018/19')
    to_metres = osr.CoordinateTransformation(reference(4326), reference(25833))
    base = data + '/berlin/'
    zones = shapes(base + 'RBS_OD_ESB_2018_10.geojson.gz', lambda p: p['ESB'], lambda p: p['BEZ'] == '01')
    areas = shapes(base + 'lor_planning_areas_until_2020.geojson.gz', lambda p: p['id'],
                   lambda p: p['id'].startswith('01'), to_metres)
    people = {r['id']: int(r['inhabitants_age_6_15'] or 0)
              for r in csv.DictReader(open(base + 'population_by_planning_area_2015-2024.csv'))
              if r['half_year'] == '2018-H2'}
    weight, places = {}, {}
    for z, gz, _ in zones:
        for a, ga, _ in areas:
            piece = gz.Intersection(ga)
            if piece.Area() < 5000:  # slivers of two surveys
                continue
            u = z + '-' + a
            city.units.append((u, piece))
            city.zones[u] = z
            weight[u] = people.get(a, 0) * piece.Area() / ga.Area()
    pupils = collections.Counter()
    for r in csv.DictReader(open(base + 'primary_schools_seats_2018-2020.csv')):
        if r['district'] != 'Berlin-Mitte' or not r['seats2018'] or not r['commutingarea']:
            continue
        z = '01%02d' % int(r['commutingarea'])
        p = ogr.CreateGeometryFromWkt('POINT(%s %s)' % (r['lng'], r['lat']))
        p.Transform(to_metres)
        own = [(g.Distance(p), u) for u, g in city.units if city.zones[u] == z]
        if not own:
            continue
        city.schools.append({'id': r['BSN'], 'unit': min(own)[1], 'seats': int(r['seats2018']), 'zone': z,
                             'x': p.GetX(), 'y': p.GetY(), 'name': r['title']})
        pupils[z] += int(r['students2018'] or 0)
    keep(city, {s['zone'] for s in city.schools})
    city.spread(pupils, weight)
    return city


def tainan():
    city = City('Tainan', 'a village', 'residents of six, December 2014; seats are those of the first grade')
    to_metres = osr.CoordinateTransformation(reference(4326), reference(3826))
    base = data + '/tainan/'
    # As in maps: the folds of one character that the sources write in two ways.
    same = lambda t: t.replace('台', '臺').replace(' ', '').replace('[', '').replace(']', '')
    villages = shapes(base + 'villages_2017.geojson', lambda p: same(p['TOWNNAME'] + p['VILLNAME']),
                      lambda p: p['VILLNAME'], to_metres)
    seen, by_town = set(), collections.defaultdict(list)
    for u, g, p in villages:
        if u not in seen:
            seen.add(u)
            city.units.append((u, g))
            by_town[same(p['TOWNNAME'])].append((same(p['VILLNAME']), u))
    weight = {u: 0 for u, _ in city.units}
    for r in csv.DictReader(open(base + 'population_single_age_2014-12.csv', encoding='utf-8-sig')):
        u = same(r['區域別'].replace('臺南市', '') + r['村里'])
        if u in weight:
            weight[u] = sum(int(r['6歲-' + sex] or 0) for sex in '男女')
    shape = dict(city.units)
    for r in csv.DictReader(open(base + 'schools_2014.csv', encoding='utf-8-sig')):
        classes = json.loads(r['classes_json'] or '{}')
        entry = int(classes.get('一年級', 0))
        if r['level'] != 'elementary' or entry == 0:
            continue
        text = same(r['zone_text'])
        towns = [t for t in by_town if t in text] or [t for t in by_town if t in same(r['address'])]
        named = sorted({(text.find(v), u) for t in towns for v, u in by_town[t] if v in text and u not in city.zones})
        if not named:
            continue
        for _, u in named:
            city.zones[u] = r['code']
        centre = shape[named[0][1]].Centroid()
        city.schools.append({'id': r['code'], 'unit': named[0][1], 'seats': 29 * entry, 'zone': r['code'],
                             'x': centre.GetX(), 'y': centre.GetY(), 'name': r['name']})
    keep(city, {s['zone'] for s in city.schools})
    city.children = {u: weight[u] for u, _ in city.units}
    return city


def denver():
    city = City('Denver', 'a precinct', 'votes of 2020 in place of pupils')
    path = '/vsizip/' + data + '/geometry/denver_maup/DenverCo_precincts2020_repaired.zip'
    source = ogr.Open(path)  # lives as long as its layer is used
    layer = source.GetLayer(0)
    to_metres = osr.CoordinateTransformation(layer.GetSpatialRef(), reference(26913))
    load = collections.Counter()
    for f in layer:
        u, g = f['PRECID'], f.GetGeometryRef().Clone()
        g.Transform(to_metres)
        city.units.append((u, g.MakeValid()))
        city.zones[u] = 'HD ' + f['SLD18']
        city.children[u] = (f['PRES20D'] or 0) + (f['PRES20R'] or 0)
        load[city.zones[u]] += city.children[u]
    seats = math.ceil(1.03 * sum(load.values()) / len(load))
    for z in sorted(load):
        joined = ogr.Geometry(ogr.wkbMultiPolygon)
        zone = [(u, g) for u, g in city.units if city.zones[u] == z]
        for _, g in zone:
            for part in ([g] if g.GetGeometryName() == 'POLYGON' else list(g)):
                joined.AddGeometry(part)
        c = joined.UnionCascaded().Centroid()
        city.schools.append({'id': z, 'unit': min((g.Distance(c), u) for u, g in zone)[1], 'seats': seats, 'zone': z,
                             'x': c.GetX(), 'y': c.GetY(), 'name': z})
    return city


def keep(city, zones):
    city.zones = {u: z for u, z in city.zones.items() if z in zones}
    city.units = [(u, g) for u, g in city.units if u in city.zones]


def write(path, header, rows):
    with open(path, 'w', newline='', encoding='utf-8') as f:
        csv.writer(f).writerows([header] + rows)


def redraw(city, key):
    base, borders = os.path.join(out, key), city.borders()
    spot = {u: g.PointOnSurface() for u, g in city.units}
    name_of = {}  # a shared zone is known by its schools
    for s in city.schools:
        name_of.setdefault(s['zone'], s['id'])
    write(base + '_units.csv', ['unit', 'pupils', 'x', 'y', 'now'],
          [[u, city.children[u], round(spot[u].GetX()), round(spot[u].GetY()), name_of[city.zones[u]]] for u, _ in city.units])
    write(base + '_borders.csv', ['a', 'b', 'm'], [[a, b, round(m, 1)] for (a, b), m in borders.items()])
    write(base + '_schools.csv', ['school', 'unit', 'seats', 'zone'],
          [[s['id'], s['unit'], s['seats'], s['zone']] for s in city.schools])
    problem = {
        'units': {'table': base + '_units.csv', 'id': 'unit', 'children': 'pupils', 'x': 'x', 'y': 'y', 'current': 'now'},
        'borders': {'table': base + '_borders.csv', 'from': 'a', 'to': 'b'},
        'schools': {'table': base + '_schools.csv', 'id': 'school', 'unit': 'unit', 'seats': 'seats', 'zone': 'zone'},
        'goals': [{'goal': 'seats_over', 'weight': 10}, {'goal': 'distance', 'weight': 1}, {'goal': 'moved', 'weight': .01}],
        'limits': {'seats': False, 'units_moved': len(city.units) // 10}}
    for table in ('units', 'borders', 'schools'):
        problem[table]['table'] = os.path.abspath(problem[table]['table'])
    json.dump(problem, open(base + '_problem.json', 'w'))
    done = subprocess.run([catchment, 'plan', 'optimize', '--problem', base + '_problem.json', '--seconds', seconds,
                           '--seed', '1', '--json', base + '_plan.json'], capture_output=True, text=True)
    if done.returncode != 0:
        print(city.name, 'no plan', done.stdout, done.stderr)
        return False
    answer = json.load(open(base + '_plan.json'))
    by_school = {}
    for word, zone in [(s['id'], s['zone']) for s in city.schools]:
        by_school[word] = zone
    plan = {u: by_school.get(s, by_school.get(s.split('+')[0])) for u, s in answer['assignment'].items()}
    return check(city, key, plan, answer) and draw(city, base, plan)


def over(city, plan):
    load, seats = collections.Counter(), collections.Counter()
    for u, z in plan.items():
        load[z] += city.children[u]
    for s in city.schools:
        seats[s['zone']] += s['seats']
    beyond = {z: load[z] - seats[z] for z in seats if load[z] > seats[z]}
    return sum(beyond.values()), len(beyond), load, seats


def check(city, key, plan, answer):
    moved = [u for u in plan if plan[u] != city.zones[u]]
    (before, zones_before, _, _), (after, zones_after, _, _) = over(city, city.zones), over(city, plan)
    whole = set(plan) == {u for u, _ in city.units}
    together = all(reach(s['unit'], {u for u in plan if plan[u] == s['zone']}, city.near) ==
                   {u for u in plan if plan[u] == s['zone']} for s in city.schools)
    print('%-13s %4d units, %3d zones: %6d beyond the seats of %d zones now, %6d of %d then; %d units (%.1f %%) moved; '
          'bound %.3f, gap %.1f %%' % (city.name, len(city.units), len(set(city.zones.values())), before, zones_before,
                                       after, zones_after, len(moved), 100 * len(moved) / len(city.units),
                                       answer['bound'], 100 * answer['gap']))
    good = whole and together and after < before and len(moved) <= len(city.units) // 10
    if not good:
        print('  FAILED: whole %s, connected %s' % (whole, together))
    return good


def draw(city, base, plan):
    west, east, south, north = (f(g.GetEnvelope()[i] for _, g in city.units) for i, f in enumerate((min, max, min, max)))
    scale = 620 / max(east - west, north - south)
    number = {z: i for i, z in enumerate(sorted(set(city.zones.values())))}

    def path(g):
        rings = []
        for part in ([g] if g.GetGeometryName() == 'POLYGON' else [p for p in g if p.GetGeometryName() == 'POLYGON']):
            for r in part:
                rings.append('M' + 'L'.join('%.1f %.1f' % ((x - west) * scale, (north - y) * scale)
                                            for x, y, *_ in r.GetPoints()) + 'Z')
        return ''.join(rings)
    outline = {u: path(g.Simplify(1 / scale)) for u, g in city.units}

    def picture(title, zones, other):
        beyond, count, load, seats = over(city, zones)
        parts = ['<figure><figcaption><b>%s</b>: %d beyond the seats of %d zones</figcaption><svg viewBox="-4 -4 %d %d">' %
                 (title, beyond, count, (east - west) * scale + 8, (north - south) * scale + 8)]
        for u, _ in city.units:
            z = zones[u]
            parts.append('<path d="%s" fill="%s" stroke="%s" stroke-width="%s"><title>%s</title></path>' % (
                outline[u], COLOURS[number[z] % len(COLOURS)], '#fff', .4,
                html.escape('%s: %s, %d' % (u, z, city.children[u]))))
        for u, _ in city.units:
            if zones[u] != other[u]:
                parts.append('<path d="%s" fill="url(#hatch)" stroke="#000" stroke-width="1.4"/>' % outline[u])
        zone_shape = collections.defaultdict(lambda: ogr.Geometry(ogr.wkbMultiPolygon))
        for u, g in city.units:
            for part in ([g] if g.GetGeometryName() == 'POLYGON' else [p for p in g if p.GetGeometryName() == 'POLYGON']):
                zone_shape[zones[u]].AddGeometry(part)
        for z, g in zone_shape.items():
            joined = g.UnionCascaded()
            red = load[z] > seats[z]
            parts.append('<path d="%s" fill="none" stroke="%s" stroke-width="%s"/>' %
                         (path(joined.Simplify(1 / scale)), '#c00000' if red else '#333', 2.2 if red else 1))
        for s in city.schools:
            parts.append('<circle cx="%.1f" cy="%.1f" r="2.6" fill="#000"><title>%s</title></circle>' %
                         ((s['x'] - west) * scale, (north - s['y']) * scale, html.escape(s['name'])))
        length = 10 ** math.floor(math.log10((east - west) / 3))
        parts.append('<path d="M8 %d h%.1f" stroke="#000" stroke-width="3"/><text x="8" y="%d" font-size="12">%g km</text>' %
                     ((north - south) * scale - 8, length * scale, (north - south) * scale - 14, length / 1000))
        return ''.join(parts) + '</svg></figure>'
    with open(base + '.html', 'w', encoding='utf-8') as f:
        f.write('<!doctype html><meta charset="utf-8"><title>%s</title><style>body{font:15px system-ui,"Noto Sans CJK SC";'
                'margin:16px}div{display:flex;flex-wrap:wrap;gap:16px}figure{margin:0;flex:1 1 300px}svg{width:100%%}'
                '</style><h1>%s</h1><p>A unit is %s; loads are %s. Red: a zone with more than its seats. Hatched: units '
                'that change zone. Dots: where schools stand.</p><svg width="0" height="0"><pattern id="hatch" width="6" '
                'height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="6" '
                'fill="#000" opacity=".6"/></pattern></svg><div>%s%s</div>' %
                (city.name, city.name, city.unit_is, city.load_is, picture('Now', city.zones, plan),
                 picture('Redrawn', plan, city.zones)))
    return True


sys.exit(0 if all([redraw(berlin(), 'berlin'), redraw(tainan(), 'tainan'), redraw(denver(), 'denver')]) else 1)

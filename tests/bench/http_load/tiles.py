#!/usr/bin/env python3
"""Vector tiles of a layer against ST_AsMVT on the same zones, borders, labels and schools, each tile cut once.

  tiles.py --build build/bench --package city.gpkg [--layer primary/2026/general] [--zooms 10-16] [--most 400]

PostGIS: a loop within the server, so neither client nor socket counts, over four indexed tables that are made before. Ours:
tile_bench, what the service does for a tile it has not kept. Both warm, one process each. Every polygon of both is asked
ST_IsValid.
"""
import argparse, math, os, random, shutil, signal, sqlite3, struct, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
from peers import Postgres

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True), ap.add_argument('--package', required=True)
ap.add_argument('--layer', default='primary/2026/general')
ap.add_argument('--zooms', default='10-16')
ap.add_argument('--most', type=int, default=400, help='tiles a zoom')
ap.add_argument('--folder', default=tempfile.gettempdir())
args = ap.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends with this


def read_zones():
    """Rows of (id, name, schools, WKB in hexadecimal digits) and the layer's box."""
    stage, year, kind = args.layer.split('/')
    rows, box = [], [180, 90, -180, -90]
    database = sqlite3.connect(args.package)
    names = dict(database.execute('select id, name from school'))
    for key, name, geom in database.execute('select id, name, geom from zone where stage = ? and school_year = ? and kind = ? and geom is not null', (stage, int(year), kind)):
        envelope = (0, 32, 48, 48, 64)[geom[3] >> 1 & 7]
        x0, x1, y0, y1 = struct.unpack_from('<dddd', geom, 8)
        box = [min(box[0], x0), min(box[1], y0), max(box[2], x1), max(box[3], y1)]
        schools = '、'.join(names.get(s, s) for (s,) in database.execute(
            'select school_id from zone_school where stage = ? and school_year = ? and kind = ? and zone_id = ? order by school_id', (stage, int(year), kind, key)))
        rows.append((key, name, schools, geom[8 + envelope:].hex()))
    campuses = [(key, name, geom[8 + (0, 32, 48, 48, 64)[geom[3] >> 1 & 7]:].hex()) for key, name, geom in database.execute(
        'select s.id, s.name, c.geom from campus c join school s on s.id = c.school_id where c.geom is not null')]
    return rows, campuses, box


def tile_of(lon, lat, z):
    n = 1 << z
    return int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)


def tiles_of(box):
    first, last = map(int, args.zooms.split('-'))
    picked = {}
    for z in range(first, last + 1):
        (x0, y1), (x1, y0) = tile_of(box[0], box[1], z), tile_of(box[2], box[3], z)
        every = [(z, x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)]
        random.Random(z).shuffle(every)
        picked[z] = every[:args.most]
    return picked


class Reader:
    """Polygons of a vector tile, by the letter of its specification."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def varint(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def fields(self):
        while self.at < len(self.data):
            key = self.varint()
            if key & 7 == 0:
                yield key >> 3, self.varint()
            elif key & 7 == 2:
                size = self.varint()
                self.at += size
                yield key >> 3, self.data[self.at - size:self.at]
            else:
                self.at += 8 if key & 7 == 1 else 4


def rings_of(commands):
    reader, x, y, rings = Reader(commands), 0, 0, []
    while reader.at < len(commands):
        command = reader.varint()
        for _ in range(command >> 3):
            if command & 7 == 7:
                rings[-1].append(rings[-1][0])
                continue
            dx, dy = reader.varint(), reader.varint()
            x, y = x + (dx >> 1 ^ -(dx & 1)), y + (dy >> 1 ^ -(dy & 1))
            if command & 7 == 1:
                rings.append([])
            rings[-1].append((x, y))
    return rings


def polygons_of(tile, layer_name):
    """As WKT, a shell with its holes each."""
    out = []
    for number, layer in Reader(tile).fields():
        fields = list(Reader(layer).fields()) if number == 3 else []
        if (1, layer_name) not in fields:
            continue
        for n, feature in fields:
            feature = dict(Reader(feature).fields()) if n == 2 else {}
            if feature.get(3) != 3:
                continue
            for ring in rings_of(feature[4]):
                area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
                text = '(' + ','.join(f'{x} {y}' for x, y in ring) + ')'
                if area > 0:
                    out.append([text])
                elif out:
                    out[-1].append(text)
    return ['POLYGON(' + ','.join(rings) + ')' for rings in out]


def layer_sql(table, columns):
    return f"""coalesce((select ST_AsMVT(t, '{table}', 4096, 'geom') from (select {columns}, ST_AsMVTGeom(l.geom, ST_TileEnvelope($1, $2, $3), 4096, 64, true) as geom
          from {table} l where l.geom && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)) t), '')"""


def prepare(postgres, rows, campuses):
    postgres.sql("""create extension postgis; create table zone (id text, name text, schools text, geom geometry(MultiPolygon, 3857));
        create table school (id text, name text, geom geometry(Point, 3857));""")
    postgres.sql(''.join(f"insert into school values ('{i}', '{n}', ST_Transform(ST_GeomFromWKB('\\x{g}', 4326), 3857));\n" for i, n, g in campuses))
    values = ''.join(f"insert into zone values ('{i}', '{n}', '{s}', ST_Transform(ST_Multi(ST_GeomFromWKB('\\x{g}', 4326)), 3857));\n" for i, n, s, g in rows)
    layers = ' || '.join([layer_sql('zone', 'id, name, schools'), layer_sql('line', "'' as outer"),
                          layer_sql('label', 'id, name, schools'), layer_sql('school', 'id, name')])
    postgres.sql(values + """create table line as select (ST_Dump(ST_LineMerge(ST_Union(ST_Boundary(geom))))).geom as geom from zone;
        create table label as select id, name, schools, ST_PointOnSurface(geom) as geom from zone;
        create index on zone using gist (geom); create index on line using gist (geom); create index on label using gist (geom);
        create index on school using gist (geom); analyze;
        create table tile (z int, x int, y int); create table made (z int, x int, y int, ms float, mvt bytea);
        create function cut(z int, x int, y int) returns bytea language sql stable as $$ select """ + layers + """ $$;
        create procedure cut_all() language plpgsql as $$ declare t record; start timestamptz; made bytea; begin
          for t in select * from tile loop start := clock_timestamp(); made := cut(t.z, t.x, t.y);
          insert into made values (t.z, t.x, t.y, 1000 * extract(epoch from clock_timestamp() - start), made); end loop; end $$;""")


def median(values):
    return sorted(values)[len(values) // 2] if values else 0


def cut_ours(tiles):
    """Milliseconds and bytes of each."""
    done = subprocess.run([os.path.join(args.build, 'tests/bench/tile_bench'), args.package, args.layer], input=''.join(f'{z} {x} {y}\n' for z, x, y in tiles),
                          capture_output=True, text=True, check=True)
    lines = [(line + ' ').split(' ') for line in done.stdout.split('\n') if line]
    return [int(line[3]) / 1e6 for line in lines], [bytes.fromhex(line[4]) for line in lines]


def count_invalid(postgres, polygons):
    if not polygons:
        return 0
    return int(postgres.sql('create temp table p (t text);\ncopy p from stdin;\n' + '\n'.join(polygons) + '\n\\.\nselect count(*) from p where not ST_IsValid(ST_GeomFromText(t));').split()[-1])


folder = tempfile.mkdtemp(prefix='catchment-tiles-', dir=args.folder)
os.chmod(folder, 0o755)
postgres = Postgres(folder, 'tiles')
try:
    rows, campuses, box = read_zones()
    prepare(postgres, rows, campuses)
    print(f'{args.layer}: {len(rows)} zones; ms a tile, mean (median)')
    mean = lambda values: sum(values) / len(values)
    for z, tiles in tiles_of(box).items():
        postgres.sql('truncate tile; ' + ''.join(f'insert into tile values ({a}, {b}, {c});' for a, b, c in tiles))
        postgres.sql('truncate made; call cut_all(); truncate made; call cut_all();')  # the second time warm
        theirs = [line.split('\t') for line in postgres.sql("select ms, encode(coalesce(mvt, ''), 'hex') from made").split('\n') if line]
        theirs_ms, theirs_tiles = [float(ms) for ms, _ in theirs], [bytes.fromhex(digits) for _, digits in theirs]
        ours_ms, ours_tiles = cut_ours(tiles)
        invalid = [count_invalid(postgres, [p for tile in made for p in polygons_of(tile, name)]) for made, name in ((ours_tiles, b'zones'), (theirs_tiles, b'zone'))]
        print(f'zoom {z:2d}: {len(tiles):4d} tiles; ours {mean(ours_ms):.4f} ({median(ours_ms):.4f}), ST_AsMVT {mean(theirs_ms):.4f} ({median(theirs_ms):.4f}), '
              f'ratio {mean(theirs_ms) / mean(ours_ms):.1f}; invalid polygons: ours {invalid[0]}, theirs {invalid[1]}', flush=True)
finally:
    postgres.stop()
    shutil.rmtree(folder, ignore_errors=True)

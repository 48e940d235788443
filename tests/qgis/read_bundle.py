"""Opens the files of a published bundle in QGIS and compares them with the package it was made from.

read_bundle.py bundle sample.gpkg
"""
import glob
import sqlite3
import sys

from qgis.core import QgsApplication, QgsVectorLayer, QgsVectorTileLayer

bundle, package = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()


def layer_of(uri, name):
    layer = QgsVectorLayer(uri, name, 'ogr')
    assert layer.isValid(), uri
    return layer


def ids(layer, subset=''):
    if subset:
        assert layer.setSubsetString(subset)
    return {f['id']: sorted((round(v.x() * 1e7), round(v.y() * 1e7)) for v in f.geometry().vertices())
            for f in layer.getFeatures()}


zones = layer_of(glob.glob(f'{bundle}/data/*.gpkg')[0] + '|layername=zones', 'zones')
assert zones.crs().authid() == 'EPSG:4490', zones.crs().authid()
# Every layer of the GeoPackage, and the schools beside it, with as many rows as it says it has.
gpkg = glob.glob(f'{bundle}/data/*.gpkg')[0]
with sqlite3.connect(gpkg) as tables:
    for (table,) in tables.execute('SELECT table_name FROM gpkg_contents').fetchall():
        (rows,) = tables.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        layer = layer_of(f'{gpkg}|layername={table}', table)
        assert rows > 0 and sum(1 for _ in layer.getFeatures()) == rows, table
        print(gpkg.rsplit('/', 1)[1], table, rows, layer.crs().authid() or 'no shape')
campuses = set(ids(layer_of(f'{package}|layername=campus', 'campus')))
for path in sorted(glob.glob(f'{bundle}/data/schools.*')):
    layer = layer_of(path, path)
    count = sum(1 for f in layer.getFeatures() if not f.geometry().isEmpty())
    assert count == len(campuses), (path, count, len(campuses))
    print(path.rsplit('/', 1)[1], count, 'campuses')
for path in sorted(glob.glob(f'{bundle}/data/zones-*')):
    stage, year, kind = path.split('/zones-')[1].rsplit('.', 1)[0].split('-', 2)
    want = ids(layer_of(f'{package}|layername=zone', 'zone'), f"stage='{stage}' AND school_year={year} AND kind='{kind}'")
    got = ids(layer_of(path, path))
    # A ring may begin elsewhere (RFC 7946 turns it), so only the first vertex may be counted twice: compare as sets.
    assert got.keys() == want.keys(), (path, got.keys() ^ want.keys())
    assert all(set(got[i]) == set(want[i]) for i in want), path
    assert set(ids(zones, f"layer='{stage}/{year}/{kind}'")) == set(want)
    print(path.rsplit('/', 1)[1], len(got), 'zones, every vertex')
for path in sorted(glob.glob(f'{bundle}/tiles/*.mbtiles')):
    tiles = QgsVectorTileLayer(f'type=mbtiles&url={path}', 'tiles')
    assert tiles.isValid() and tiles.sourceMaxZoom() >= 6, path
    print(path.rsplit('/', 1)[1], 'zooms', tiles.sourceMinZoom(), 'to', tiles.sourceMaxZoom())
folder = sorted(glob.glob(f'{bundle}/tiles/*/tiles.json'))[0].rsplit('/', 1)[0]
tree = QgsVectorTileLayer(f'type=xyz&url=file://{folder}/{{z}}/{{x}}/{{y}}.pbf&zmin=6&zmax=14', 'tree')
assert tree.isValid()
# Not application.exitQgis(): it crashes in some releases when layers are still alive.

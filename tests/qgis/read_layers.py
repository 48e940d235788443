"""Reads every collection of a running service through QGIS' OAPIF provider and compares it with the package.

read_layers.py http://127.0.0.1:8080 sample.gpkg
"""
import json
import sys
import urllib.request

from qgis.core import Qgis, QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer, QgsVectorTileLayer

server, package = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
print('QGIS', Qgis.QGIS_VERSION)


def published(collection):
    layer = QgsVectorLayer(f"typename='{collection}' url='{server}/ogc' pageSize='10'", collection, 'OAPIF')
    assert layer.isValid(), (collection, layer.error().message())
    return layer


def stored(table, subset=''):
    layer = QgsVectorLayer(f'{package}|layername={table}' + (f'|subset={subset}' if subset else ''), table, 'ogr')
    assert layer.isValid(), table
    return layer


def by_id(layer, rectangle=None):
    request = QgsFeatureRequest()
    if rectangle is not None:
        request.setFilterRect(rectangle).setFlags(QgsFeatureRequest.ExactIntersect)
    return {feature['id']: feature for feature in layer.getFeatures(request)}


def units_of(point):
    return round(point.x() * 1e7), round(point.y() * 1e7)


def places(feature):
    return sorted(units_of(vertex) for vertex in feature.geometry().vertices())


def text(value):
    return '' if value is None or str(value) == 'NULL' else str(value)


def compare(layer, want, texts):
    got = by_id(layer)
    assert got.keys() == want.keys(), (layer.name(), len(got), len(want))
    for key, feature in got.items():
        assert places(feature) == places(want[key]), (layer.name(), key)
        for name in texts:
            assert text(feature[name]) == text(want[key][name]), (layer.name(), key, name, feature[name])
    return len(got)


with urllib.request.urlopen(server + '/ogc/collections?f=json') as answer:
    collections = [c['id'] for c in json.load(answer)['collections']]
assert len(collections) >= 4, collections
for collection in collections:
    layer = published(collection)
    if collection.startswith('zones-'):
        _, stage, year, kind = collection.split('-', 3)
        local = stored('zone', f"stage='{stage}' AND school_year={year} AND kind='{kind}'")
        texts = ['name', 'notice_id', 'stage', 'school_year', 'kind']
    elif collection == 'campuses':
        local, texts = stored('campus'), ['name', 'school_id']
    elif collection == 'units':
        local, texts = stored('unit'), ['name', 'district_id']
    else:  # schools: the package's have no shape
        layer_ids = by_id(layer).keys()
        assert layer_ids == by_id(stored('school')).keys()
        print(collection, len(layer_ids))
        continue
    want = by_id(local)
    count = compare(layer, want, texts)
    # A box over a third of the layer, asked of a layer that has read nothing yet.
    extent = local.extent()
    box = QgsRectangle(extent.xMinimum(), extent.yMinimum(), extent.center().x(),
                       extent.yMinimum() + extent.height() / 3)
    inside, expected = by_id(published(collection), box), by_id(local, box)
    assert inside.keys() == expected.keys(), (collection, inside.keys() ^ expected.keys())
    assert 0 < len(inside) <= count
    print(collection, count, layer.dataProvider().crs().authid(), f'{len(inside)} in a box')

# The map style of the first layer of zones, opened as a layer of vector tiles.
_, stage, year, kind = collections[0].split('-', 3)
style = f'{server}/v1/style.json?layer={stage}/{year}/{kind}'
tiles = QgsVectorTileLayer(f'styleUrl={urllib.request.quote(style)}&type=xyz&url=' + urllib.request.quote(
    json.load(urllib.request.urlopen(style))['sources']['zones']['tiles'][0], safe='{}') + '&zmin=6&zmax=16', 'tiles')
assert tiles.isValid()
warnings = tiles.loadDefaultStyle()
print('tiles', tiles.isValid(), 'style', warnings)
# Not application.exitQgis(): it crashes in some releases when layers are still alive.

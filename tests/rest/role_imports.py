"""Files that offices upload: who may, what they are told, and that nothing is changed or left behind."""
import glob, io, json, os, tempfile, zipfile

from doors import ROLES, actors, expect, failures, logged_in, service, table, world
from uploads import zones_around

WHERE = '/v1/imports?mapping=zones&source=bureau&crs=EPSG:4490&set=stage=primary'


def upload(who, raw, kind='application/geo+json', where=WHERE):
    return service.call('POST', where, who=who, headers={'Content-Type': kind}, raw=raw)


def hostile():
    good = json.dumps(zones_around(service)).encode()
    yield 'no JSON', b'{"type": ', 'application/geo+json'
    yield 'deep', b'[' * 1_000_000, 'application/geo+json'
    yield 'a GeoPackage that is none', b'SQLite format 3\0' + bytes(range(256)) * 20, 'application/geopackage+sqlite3'
    yield 'a zip that is none', good, 'application/zip'
    for name, inner in (('that climbs', '../../zones.geojson'), ('of nothing', 'readme.txt')):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, 'w') as archive:
            archive.writestr(inner, good)
        yield 'a zip ' + name, packed.getvalue(), 'application/zip'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('zones.geojson', b' ' * 50_000_000 + good)
    yield 'a bomb', packed.getvalue(), 'application/zip'
    yield 'a driver\'s own language', b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>', 'application/geo+json'
    yield 'a name of a file', b'"/etc/passwd"', 'application/geo+json'


def try_reading_and_confirming(role, digest, good):
    """The list of mappings, and a file confirmed: what the first city makes, the others are told of."""
    for name, method, where in (('listMappings', 'GET', '/v1/imports/mappings'), ('confirmUpload', 'PUT', WHERE.replace('imports', 'imports/' + digest))):
        ask = lambda who: service.call(method, where, who=who, headers={'Content-Type': 'application/geo+json'}, raw=good if method == 'PUT' else None)
        status = table.verdict(role, name, True)
        if status is None:
            expect(f'{role} {name} without second factor', ask(logged_in[role]), 403)
        answer = ask(actors[role])
        expect(f'{role} {name}', answer, status or (201 if method == 'PUT' else 200))
        if status is None and method == 'PUT':
            os.remove(world.at(answer.json()['package']['file']))


def try_imports():
    before = open(world.at('city.gpkg'), 'rb').read()
    good = json.dumps(zones_around(service), ensure_ascii=False).encode()
    digest = json.loads(upload('city-1', good).body)['digest']
    for role in ROLES:
        try_reading_and_confirming(role, digest, good)
        status = table.verdict(role, 'checkUpload', True)
        answer = upload(actors[role], good)
        expect(f'{role} checkUpload', answer, status or 200)
        if status is None:
            expect(f'{role} checkUpload without second factor', upload(logged_in[role], good), 403)
            told = answer.json()
            changes = {t['table']: (t['added'], t['changed'], t['removed']) for t in told['tables']}
            found = [(f['table'], f['row'], f['code']) for f in told['findings']]
            if changes.get('zone') != (2, 0, 0) or changes.get('zone_school') != (2, 0, 0) or found != [('zone', 3, 'geometry_missing')] or told['findings_total'] != 1:
                failures.append(f'{role} checkUpload: {told}')
    expect('as JSON', upload('city-1', good, 'application/json'), 415)
    expect('an unknown mapping', upload('city-1', good, where=WHERE.replace('zones', 'none')), 404)
    expect('a mapping elsewhere', upload('city-1', good, where=WHERE.replace('zones', '..%2Fzones')), 400)
    expect('a source that is an option', upload('city-1', good, where=WHERE.replace('bureau', '--json')), 400)
    expect('no reference system', upload('city-1', good, where=WHERE.replace('&crs=EPSG:4490', '')), 422)
    expect('nothing', upload('city-1', b''), 400)
    for name, raw, kind in hostile():
        answer = upload('city-1', raw, kind)
        expect(name, answer, 422)
        if b'/tmp' in answer.body or b'root:' in answer.body:
            failures.append(f'{name}: {answer.body}')
    if open(world.at('city.gpkg'), 'rb').read() != before:
        failures.append('an upload changed the package')
    if left := glob.glob(os.path.join(tempfile.gettempdir(), 'catchment-import-*')):
        failures.append(f'an upload left {left}')

#!/usr/bin/env python3
"""Uploads that are confirmed, over a running service: what is kept is what was shown, or nothing is.

  confirm_imports.py --build build/release --pack datasets/policy/packs/guiyang-2024.json [--kills 20]

A confirmed upload is a new package beside the old one, which stays as it is and is served on; the tool and a new service
read the new one. An importer that tells one thing and writes another is not believed. Another package, mapping, file, parameter or digest: 412, and nothing is there. Twice the same: one file.
No room or no folder: 503, and nothing is there. Killed while it confirms, again and again: nothing or the whole file.
"""
import argparse, glob, hashlib, json, os, random, shutil, subprocess, sys, tempfile, threading, time

from uploads import MAPPING, zones_around
from rehearsal import Service, World

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', required=True)
ap.add_argument('--kills', type=int, default=20)
ap.add_argument('--seed', type=int, default=1)
args = ap.parse_args()

QUERY = '?mapping=zones&source=bureau&crs=EPSG:4490&set=stage=primary'
world = World(args.build, args.pack, tempfile.mkdtemp(prefix='catchment-confirm-'), staff=('city-1', 'district-1-1'))
os.makedirs(world.at('mappings'))
with open(world.at('mappings/zones.json'), 'w') as file:
    json.dump(MAPPING, file)
failures = []


def start(*flags, package='city.gpkg'):
    here = World.__new__(World)
    here.__dict__.update(world.__dict__)
    here.at = lambda name: os.path.join(world.work, package if name == 'city.gpkg' else name)
    return Service(here, '2024-03-01T08:00:00', flags=('--mappings', world.at('mappings'), *flags))


def send(method, path, raw, who='city-1', kind='application/geo+json'):
    """Once, whatever is answered."""
    headers = {'Content-Type': kind, 'Authorization': 'Bearer ' + world.tokens[who], 'Idempotency-Key': os.urandom(8).hex()}
    service.connection.request(method, path, raw, headers)
    answer = service.connection.getresponse()
    return answer.status, json.loads(answer.read())


def look(raw, query=QUERY):
    status, told = send('POST', '/v1/imports' + query, raw)
    return told if status == 200 else sys.exit(f'look: {status} {told}')


def confirm(digest, raw, query=QUERY, **how):
    return send('PUT', f'/v1/imports/{digest}{query}', raw, **how)


def expect(what, got, wanted):
    if got != wanted:
        failures.append(f'{what}: {got} instead of {wanted}')


def packages(folder=None):
    return sorted(os.path.basename(p) for p in glob.glob(os.path.join(folder or world.work, 'city*')) if not p.endswith('.lock'))


def digest_of(name):
    return hashlib.sha256(open(world.at(name), 'rb').read()).hexdigest()


def query_file(name, sql):
    return subprocess.run(['sqlite3', world.at(name), sql], capture_output=True, text=True, check=True).stdout.split()


def try_the_way():
    """Looked into, confirmed, confirmed again; then read by the tool and by a service of its own."""
    global service
    before, told = digest_of('city.gpkg'), look(good)
    status, made = confirm(told['digest'], good)
    expect('confirmed', status, 201)
    expect('what was told', {k: made[k] for k in told}, told)
    name = made['package']['file']
    expect('files', packages(), ['city-' + told['digest'][:16] + '.gpkg', 'city.gpkg'])
    expect('its digest', (digest_of(name), os.path.getsize(world.at(name))), (made['package']['sha256'], made['package']['bytes']))
    expect('the package that is served', digest_of('city.gpkg'), before)
    status, again = confirm(told['digest'], good)
    expect('confirmed twice', (status, again['package'], packages()), (200, made['package'], ['city-' + told['digest'][:16] + '.gpkg', 'city.gpkg']))
    expect('rows', query_file(name, "select id from zone where source = 'bureau' order by id"), ['U1', 'U2'])
    layers = lambda: {l['layer'] for l in service.ok('GET', '/v1/layers')['layers']}
    if any('2031' in l for l in layers()):
        failures.append('the new package is served before a start on it')
    service.stop()
    service = start(package=name)
    if not any('primary/2031' in l for l in layers()):
        failures.append(f'a service on the new package has no new layer: {layers()}')
    expect('on the new one, nothing changes', confirm(look(good)['digest'], good)[1].get('code'), 'nothing_changes')
    service.stop()
    tool = subprocess.run([world.catchment, 'check', world.at(name), '--layer', 'primary/2031'], capture_output=True, text=True)
    if tool.returncode not in (0, 1):
        failures.append(f'the tool on the new package: {tool.returncode} {tool.stderr}')
    os.remove(world.at(name))
    service = start()


def try_others():
    """Whatever is another than what was looked into: 412, and nothing is there."""
    told = look(good)['digest']
    other = json.dumps(zones_around(service, 0.011)).encode()
    for what, raw, query in (('another file', other, QUERY), ('another source', good, QUERY.replace('bureau', 'other')),
                             ('another variable', good, QUERY.replace('primary', 'junior'))):
        expect(what, confirm(told, raw, query)[1].get('code'), 'import_changed')
    expect('another digest', confirm('0' * 64, good)[0], 412)
    expect('no digest', confirm('mappings', good)[0], 400)
    expect('a district', confirm(told, good, who='district-1-1')[0], 403)
    kept = open(world.at('mappings/zones.json')).read()
    with open(world.at('mappings/zones.json'), 'w') as file:
        file.write(kept.replace('2031', '2032'))
    expect('another mapping', confirm(told, good)[0], 412)
    with open(world.at('mappings/zones.json'), 'w') as file:
        file.write(kept)
    shutil.copy(world.at('city.gpkg'), world.at('kept'))
    subprocess.run(['sqlite3', world.at('city.gpkg'), "update catchment_meta set value = value || '!' where key = 'city'"], check=True)
    expect('another package', confirm(told, good)[0], 412)
    os.replace(world.at('kept'), world.at('city.gpkg'))
    expect('nothing is there', packages(), ['city.gpkg'])


def try_no_room():
    """A folder that goes away, and one that is full."""
    global service
    service.stop()
    folder = world.at('new')
    os.makedirs(folder)
    service = start('--new-packages', folder)
    told = look(good)['digest']
    os.rmdir(folder)
    expect('no folder', confirm(told, good)[1].get('code'), 'package_not_kept')
    os.makedirs(folder)
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], capture_output=True).returncode == 0:
        try:
            expect('no room', confirm(told, good)[1].get('code'), 'package_not_kept')
            expect('nothing is left of it', os.listdir(folder), [])
        finally:
            subprocess.run(['umount', folder], check=True)
    else:
        print('no file system may be mounted here: a full one was not tried')
    expect('room again', confirm(told, good)[0], 201)
    expect('in its folder', (len(packages(folder)), packages()), (1, ['city.gpkg']))
    service.stop()
    shutil.rmtree(folder)


def try_liars():
    """An importer that a file has taken over: it tells one thing and writes another."""
    global service
    liar, lie = world.at('liar'), world.at('lie')
    with open(liar, 'w') as file:
        file.write(f'''#!/bin/sh
{os.path.abspath(world.catchment)} "$@"; code=$?
case "$*" in *--dry-run*) ;; *) . {lie} ;; esac
exit $code''')
    os.chmod(liar, 0o755), os.chmod(world.work, 0o711)
    service = start('--importer', liar)
    told = look(good)['digest']
    for what, does, code in (('a row of another source', 'update address set text = text || \'x\' where fid = 1', 'import_untrue'),
                             ('a row less', 'delete from zone where id = \'U2\'', 'import_untrue'),
                             ('a row more', 'update zone set source = \'bureau\' where fid = 1', 'import_untrue'),
                             ('a trigger', 'create trigger t after insert on zone begin delete from school; end', 'import_untrue'),
                             ('a view', 'create view v as select * from zone', 'import_untrue'),
                             ('no shape', 'update zone set geom = x\'4750000100\' where id = \'U1\'', 'package_unloadable'),
                             ('a table less', 'drop table alias', 'package_unloadable')):
        with open(lie, 'w') as file:
            file.write(f'/usr/bin/sqlite3 city.gpkg "{does}"')
        expect(what, confirm(told, good)[1].get('code'), code)
    for what, does in (('a link', 'rm city.gpkg; ln -s /etc/passwd city.gpkg'), ('a pipe', 'rm city.gpkg; mkfifo city.gpkg'), ('nothing', 'rm city.gpkg')):
        with open(lie, 'w') as file:
            file.write('PATH=/usr/bin:/bin; ' + does)
        expect(what, confirm(told, good)[1].get('code'), 'package_not_kept')
    expect('nothing is there', packages(), ['city.gpkg'])
    service.stop()


def try_kills():
    """The service is killed at a random moment of a confirmation."""
    global service
    service, chance, whole = start(), random.Random(args.seed), 0
    told = look(good)['digest']
    begun = time.monotonic()
    expect('confirmed', confirm(told, good)[0], 201)
    took, name = time.monotonic() - begun, packages()[0]
    sum_of = lambda: query_file(name, 'select count(*) from zone; pragma integrity_check')
    wanted = sum_of()
    os.remove(world.at(name))
    for n in range(args.kills):
        killer = threading.Timer(took * chance.uniform(0.4, 1.4), service.process.kill)
        killer.start()
        try:
            confirm(told, good)
        except Exception:  # it was cut off
            pass
        killer.join()
        service.process.wait()
        found = [p for p in os.listdir(world.work) if p.startswith(('city-', '.city', '#'))]
        if found:
            whole += 1
            expect(f'kill {n}', (found, sum_of()), ([name], wanted))
            os.remove(world.at(name))
        service = start()
    expect('the same request after them', confirm(told, good)[0], 201)
    if left := glob.glob(os.path.join(tempfile.gettempdir(), 'catchment-import-*')):
        failures.append(f'kills left {left}')
    print(f'{args.kills} kills while confirming ({took * 1000:.0f} ms): {whole} times the whole file, else nothing')
    service.stop()


service = start()
good = json.dumps(zones_around(service), ensure_ascii=False).encode()
try_the_way()
try_others()
try_no_room()
try_liars()
try_kills()
for failure in failures:
    print(failure)
shutil.rmtree(world.work)
sys.exit(1 if failures else 0)

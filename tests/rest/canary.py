"""Marked names, document numbers and phones of a season must be found nowhere they are not sealed: not in what the service
printed, its metrics, its refusals, its database and WAL, nor a backup; and with the season's key destroyed nothing opens.
"""
import base64, glob, json, os, subprocess

from rehearsal import MARK, Service, run


def spellings(text):
    """As UTF-8, escaped JSON, hexadecimal and base64 at any offset would show it."""
    plain = text.encode()
    yield plain
    yield json.dumps(text)[1:-1].encode()
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    for lead in range(3):
        yield base64.b64encode(b'\0' * lead + plain)[4 if lead else 0:-4]


def marks_of(children):
    texts = {MARK[:3], MARK[3:]}
    for child in children:
        texts |= {child.record['child']['document']['number'], child.record['guardian']['phone'][1:]}
    return sorted({s for text in texts for s in spellings(text)})


def broken_records(record):
    """What a client may get wrong, with marked values where it is wrong."""
    text = json.dumps(record, ensure_ascii=False)
    at = text.index(MARK)
    yield text[:at + len(MARK)]  # cut off within a name
    yield text.replace(MARK, MARK + '\\x', 1)  # no such escape
    yield text.replace(MARK, MARK + '\n', 1)
    yield text.replace('"name"', f'"name": "{MARK}", "name"', 1)  # twice
    for change in ({'level': MARK}, {'child': MARK}, {'home': {'zone_id': MARK}}, {'facts': {'disability': MARK}}, {'facts': {'groups': MARK}}, {'sibling': MARK},
                   {'district': MARK}, {'guardian': {**record['guardian'], 'phone': MARK}}, {'child': {**record['child'], 'sex': MARK}},
                   {'child': {**record['child'], 'name': MARK * 20}}, {'child': {**record['child'], 'birth_date': MARK}},
                   {'child': {**record['child'], 'document': {'type': 'resident_id', 'number': record['child']['document']['number'][:-1] + '?'}}},
                   {'child': {**record['child'], 'document': {'type': MARK, 'number': MARK}}}, {'home': {'address_id': MARK}}):
        yield json.dumps({**record, **change}, ensure_ascii=False)


def provoke(service, who, record, code):
    """Refusals of every kind, with marked text in them."""
    for raw in broken_records(record):
        for method, path in (('POST', '/v1/registrations'), ('PUT', f'/v1/registrations/{code}'), ('POST', '/v1/eligibility')):
            service.call(method, path, who=who, raw=raw.encode(), headers={'If-Match': '*'})
    for path in ('/v1/guardians/codes', '/v1/guardians/sessions', '/v1/sessions'):
        service.call('POST', path, raw=json.dumps({'phone': MARK, 'code': MARK}, ensure_ascii=False).encode())
        service.call('POST', path, raw=('{"phone": "' + MARK).encode())


def find_in(where, blob, marks, failures):
    found = [m for m in marks if m in blob]
    if found:
        at = blob.index(found[0])
        failures.append(f'canary in {where}: {blob[max(0, at - 60):at + 60]!r}')


def look_everywhere(service, children, failures):
    """While the service runs: the WAL is still there."""
    world, marks = service.world, marks_of(children)
    metrics = service.call('GET', '/metrics')
    assert metrics.status == 200, metrics.status
    find_in('metrics', metrics.body, marks, failures)
    for problem in service.problems:
        find_in('a refusal', problem, marks, failures)
    run(world.catchmentd, 'backup', '--store', world.store, world.at('backup'))
    files = [world.at('stdout'), world.at('stderr'), world.at('backup'), *glob.glob(world.database + '*')]
    assert any(f.endswith('-wal') for f in files), files
    for file in files:
        with open(file, 'rb') as opened:
            find_in(os.path.basename(file), opened.read(), marks, failures)
    with open(world.at('stderr')) as log:
        assert sum('"status"' in line for line in log) > 100, 'there is no access log'
    return len(marks), len(files)


def purge(world, season, children, failures):
    """Nothing of the store or its backup opens again, with the ring or with a new one."""
    run(world.catchmentd, 'purge', '--store', world.store, '--keys', world.keys, season)
    run(world.catchmentd, 'restore', world.at('backup'), '--store', 'sqlite:' + world.at('restored.db'))
    marks = marks_of(children)
    for store, keys in ((world.store, world.keys), ('sqlite:' + world.at('restored.db'), world.keys), ('sqlite:' + world.at('restored.db'), world.at('new-keys'))):
        tried = subprocess.run(
            [world.catchmentd, '--package', world.at('city.gpkg'), '--port', '0', '--store', store, '--keys', keys, '--policy', world.pack, '--season',
             world.at('setup'), '--rehearsal', '--clock', '2025-01-01T08:00:00'], capture_output=True, timeout=60)
        if tried.returncode == 0:
            failures.append(f'a purged season was opened: {store} {keys}')
        find_in('what a purged season says', tried.stdout + tried.stderr, marks, failures)

#!/usr/bin/env python3
"""A service over PostgreSQL whose database goes away: its readers alone, then all of it at once while families write.

  failover.py --build build/release --pack datasets/policy/packs/guiyang-2024.json

Readers gone: 503 with Retry-After and a /ready that says so, and all as before when they may come back. The database stopped:
the process ends with 4 and a line on standard error; while there is none it does not start; started anew over the
database started anew it has all that was acknowledged, to the byte.
"""
import argparse, http.client, json, shutil, subprocess, sys, tempfile, threading, time

import postgres
from rehearsal import Service, World

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', required=True)
args = ap.parse_args()
if not postgres.installed():
    print('PostgreSQL 15 is not installed: scripts/install.sh test')
    sys.exit(77)
failures = []


def expect(what, holds):
    if not holds:
        failures.append(what)


def wait_until(what, holds, seconds=30):
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return failures.append(f'never: {what}')
        time.sleep(0.02)


class Client:
    """One connection and no patience: what is answered is what is told."""

    def __init__(self, port, token):
        self.connection, self.token = http.client.HTTPConnection('127.0.0.1', port, timeout=30), token

    def ask(self, method, path, body=None, key=None):
        headers = {'Authorization': 'Bearer ' + self.token, 'Content-Type': 'application/json', **({'Idempotency-Key': key} if key else {})}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()


def ready(service):
    return Client(service.connection.port, world.tokens['city-1']).ask('GET', '/ready')[0]


def take_readers_away():
    """No new connection, and only the writer's, which holds the lock, stays."""
    server.sql(f'ALTER DATABASE {database} ALLOW_CONNECTIONS false', 'postgres')
    server.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND pid NOT IN "
               "(SELECT pid FROM pg_locks WHERE locktype = 'advisory')", 'postgres')


def try_readers(service):
    auditor = Client(service.connection.port, world.tokens['auditor'])
    journal = auditor.ask('GET', '/v1/journal')
    expect(f'before: {journal[0]} {ready(service)}', journal[0] == 200 and ready(service) == 200)
    take_readers_away()
    status, headers, body = auditor.ask('GET', '/v1/journal')
    expect(f'without readers: {status} {body}', status == 503 and b'"store_away"' in body and 1 <= int(headers.get('Retry-After', 0)) <= 10)
    wait_until('not ready', lambda: ready(service) == 503)
    expect('look-ups need no store', auditor.ask('GET', '/v1/schools')[0] == 200)
    server.sql(f'ALTER DATABASE {database} ALLOW_CONNECTIONS true', 'postgres')
    wait_until('ready again', lambda: ready(service) == 200)
    again = auditor.ask('GET', '/v1/journal')
    expect(f'readers are back: {again[0]}', again[0] == 200 and again[2] == journal[2])
    expect('the process went on', service.process.poll() is None)


class Family(threading.Thread):
    """Registers one child after another until nobody answers."""

    def __init__(self, number, port):
        super().__init__(daemon=True)
        self.number, self.port, self.answered, self.strange = number, port, [], []

    def run(self):
        client = Client(self.port, world.tokens[world.sides[0].clerk])
        try:
            while True:
                with lock:
                    record = world.record(world.sides[0], [])
                key = f'{self.number}-{len(self.answered)}'
                status, _, body = client.ask('POST', '/v1/registrations', record, key)
                if status == 503:
                    continue
                if status != 201:
                    self.strange.append((status, body))
                    return
                self.answered.append((key, record, body))
        except (OSError, http.client.HTTPException):
            pass


def stop_under_load(service):
    families = [Family(n, service.connection.port) for n in range(8)]
    for family in families:
        family.start()
    wait_until('families are answered', lambda: sum(len(f.answered) for f in families) >= 100)
    server.stop()
    began = time.monotonic()
    code = service.process.wait(60)
    told = time.monotonic() - began
    for family in families:
        family.join()
        expect(f'family {family.number}: {family.strange}', not family.strange)
    said = open(world.at('stderr')).read()
    expect(f'ended with {code}: {said[-300:]}', code == 4 and 'nothing of it was acknowledged, ending' in said)
    return [a for f in families for a in f.answered], told


def idle_end():
    """Nobody writes, and it ends all the same."""
    service = Service(world, CLOCK)
    wait_until('ready', lambda: ready(service) == 200)
    server.stop()
    began = time.monotonic()
    expect('ended, though idle', service.process.wait(60) == 4)
    return time.monotonic() - began


CLOCK = '2024-06-12T10:00:00'
lock = threading.Lock()
server = postgres.Postgres()
work = tempfile.mkdtemp(prefix='catchment-failover-')
url = server.make_database()
database = f'store{server.count}'
world = World(args.build, args.pack, work, url)
service = Service(world, CLOCK)
wait_until('ready', lambda: ready(service) == 200)
try_readers(service)
answered, busy_s = stop_under_load(service)
refused = subprocess.run(service.process.args, capture_output=True, text=True)
expect(f'it starts without its database: {refused.returncode} {refused.stderr}', refused.returncode == 2 and 'store_unreachable' in refused.stderr)
server.start()
service = Service(world, CLOCK)
wait_until('ready', lambda: ready(service) == 200)
clerk = Client(service.connection.port, world.tokens[world.sides[0].clerk])
for key, record, body in answered:
    status, headers, given = clerk.ask('POST', '/v1/registrations', record, key)
    expect(f'{key}: {status} {given[:200]}', status == 201 and given == body and headers.get('Idempotency-Replayed') == 'true')
service.stop()
idle_s = idle_end()
server.start()
verified = subprocess.run([world.catchmentd, 'verify', url], capture_output=True, text=True)
expect('verify: ' + verified.stdout + verified.stderr, verified.returncode == 0)
for failure in failures[:20]:
    print('FAILED', failure[:600])
print(f'{len(answered)} registrations acknowledged before the database stopped, all there after; ended {busy_s:.2f} s after it, idle {idle_s:.2f} s; {len(failures)} failed')
if not failures:
    shutil.rmtree(work)
sys.exit(1 if failures else 0)

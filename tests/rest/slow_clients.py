#!/usr/bin/env python3
"""Clients who are slow on purpose, and one who is not.

  slow_clients.py --build build/release --pack datasets/policy/packs/guiyang-2024.json [--idle 2000] [--long]

Connections that say nothing, heads and bodies that come a byte a second, and readers who ask for much and take none of it,
from many addresses; meanwhile an ordinary client looks addresses up and registers children, each request on a connection
of its own and answered within a few tries. Slow heads and bodies are cut when their time is over; more connections than
there are places push out those that have waited longest. Prints what an idle connection costs in memory.
--idle 100000 is for a measurement: it needs so many descriptors on both sides (ulimit -n). --long waits for the readers'
time, too (half a minute), and says how many of them the server still holds.
"""
import argparse, errno, http.client, json, os, re, resource, shutil, socket, statistics, sys, tempfile, time

from rehearsal import Service, World

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', required=True)
ap.add_argument('--idle', type=int, default=2000)
ap.add_argument('--long', action='store_true')
args = ap.parse_args()

HEADS, BODIES, READERS, SPARE = 150, 50, 50, 300
HEADER_S, BODY_S, READ_S, SWEEP_S = 5, 15, 30, 2  # the service's limits, and how late a busy machine may be
TRIES = 5
files = max(resource.getrlimit(resource.RLIMIT_NOFILE)[1], args.idle + 2000)
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))  # root may raise it; the service inherits it
except (OSError, ValueError):
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
if args.idle + 1000 > files:
    sys.exit(f'{args.idle} connections need more than {files} descriptors: ulimit -n')

world = World(args.build, args.pack, tempfile.mkdtemp(prefix='catchment-slow-'), staff=('school-1',))
places = args.idle + HEADS + BODIES + READERS + SPARE
service = Service(world, '2024-06-12T10:00:00', log=False, flags=('--max-connections', str(places)))
where = (service.connection.host, service.connection.port)
failures, source = [], [0]


def memory():
    """Of the service's process, in bytes."""
    with open(f'/proc/{service.process.pid}/statm') as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def connect():
    """From addresses of this machine in turn, so that ports do not run out."""
    source[0] += 1
    out = socket.socket()
    out.bind((f'127.0.{1 + source[0] // 15000 % 200}.{2 + source[0] % 50}', 0))
    out.settimeout(10)
    out.connect(where)
    out.setblocking(False)
    return out


class Slow:
    """Connections that send a byte a second of what they have; when each was cut."""

    def __init__(self, count, text):
        self.text, self.at, self.begun, self.ended = text, 0, time.monotonic(), {}
        self.open = [connect() for _ in range(count)]

    def tick(self):
        byte = self.text[self.at:self.at + 1]
        self.at += 1
        for one in list(self.open):
            try:
                if byte:
                    one.send(byte)
                gone = one.recv(4096) == b''
            except BlockingIOError:
                gone = False
            except OSError:
                gone = True
            if gone:
                self.ended[one] = time.monotonic() - self.begun
                self.open.remove(one)
                one.close()

    def close(self):
        for one in self.open:
            one.close()


class Reader(Slow):
    """Asks again and again for the city's zones and takes nothing of it."""

    def __init__(self, count):
        ask = b'GET /v1/zones?layer=primary%2F2026%2Fgeneral HTTP/1.1\r\nHost: x\r\n\r\n'
        super().__init__(0, b'')
        for _ in range(count):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(where)
            one.send(ask * 100)
            self.open.append(one)


def ask(method, path, body=None, headers={}):
    """On a connection of its own, a few times. Status, and how long it took and how many tries."""
    begun = time.monotonic()
    for tries in range(1, TRIES + 1):
        connection = http.client.HTTPConnection(*where, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 503:
                return answer.status, time.monotonic() - begun, tries
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    return 0, time.monotonic() - begun, TRIES


def expect(what, held, told=''):
    if not held:
        failures.append(f'{what} {told}')


class Ordinary:
    """Who only wants to be served."""

    def __init__(self):
        self.evidence = [e['id'] for e in service.ok('GET', '/v1/policy')['evidence']]
        self.took, self.most, self.made = [], 0, 0

    def act(self):
        status, took, tries = ask('GET', '/v1/lookup?lon=110.5&lat=33.5')
        expect('a look-up', status == 200, status)
        self.took.append(took)
        side = world.sides[0]
        headers = {'Content-Type': 'application/json', 'Authorization': 'Bearer ' + world.tokens[side.clerk], 'Idempotency-Key': f'slow-{self.made}'}
        status, _, more = ask('POST', '/v1/registrations', json.dumps(world.record(side, self.evidence)), headers)
        expect('a registration', status in (200, 201), status)
        self.made += 1
        self.most = max(self.most, tries, more)

    def report(self):
        took = sorted(1000 * t for t in self.took)
        return f'{len(took)} look-ups (median {statistics.median(took):.1f} ms, longest {took[-1]:.0f} ms) and {self.made} registrations, at most {self.most} tries each'


def check_cut(what, slow, limit):
    """All cut, none early, none long after its time."""
    times = sorted(slow.ended.values())
    expect(f'slow {what} are cut', not slow.open, f'{len(slow.open)} left')
    expect(f'slow {what} have their time', not times or times[0] > limit - 1.5, times[:1])
    expect(f'slow {what} have no more', not times or times[-1] < limit + SWEEP_S + 2, times[-1:])
    if times:
        print(f'slow {what}: {len(times)} cut after {times[0]:.1f} to {times[-1]:.1f} s')


def flood_the_places():
    """More than there are places: who has waited longest makes way."""
    for _ in range(places + 200):
        try:
            flood.append(connect())
        except OSError:
            break
    time.sleep(0.5)
    for _ in range(5):
        ordinary.act()
    refused, cut = 0, 0
    for one in flood:
        try:
            refused += 1 if b' 503 ' in one.recv(100) else 0
            cut += 1
        except OSError as error:
            cut += 0 if error.errno in (errno.EAGAIN,) else 1
    print(f'{len(flood)} connections for {places} places: {cut} made way or were refused ({refused})')
    expect('more connections than places', cut > 0 or len(flood) < places, cut)


ordinary = Ordinary()
ordinary.act()
service.connection.close()
before, begun = memory(), time.monotonic()
idle = [connect() for _ in range(args.idle)]
ask('GET', '/live')  # what was accepted before it is by now a session
each = (memory() - before) / max(1, args.idle)
print(f'{args.idle} idle connections in {time.monotonic() - begun:.1f} s: {each / 1024:.1f} KiB each ({memory() / 2**20:.0f} MiB in all)')
expect('an idle connection is cheap', each < 24 * 1024, each)

head = b'GET /v1/lookup?lon=110.5&lat=33.5 HTTP/1.1\r\nHost: slow\r\nX-More: ' + b'a' * 1000
body = b'POST /v1/eligibility HTTP/1.1\r\nHost: slow\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n'
slow = {'heads': Slow(HEADS, head), 'bodies': Slow(BODIES, b'{' + b' ' * 1000), 'readers': Reader(READERS)}
for one in slow['bodies'].open:
    one.send(body)
until = time.monotonic() + (READ_S + SWEEP_S + 1 if args.long else BODY_S + SWEEP_S)
while time.monotonic() < until and (args.long or slow['heads'].open or slow['bodies'].open):
    second = time.monotonic() + 1
    for kind, one in slow.items():
        one.tick() if kind != 'readers' else None
    while time.monotonic() < second - 0.2:
        ordinary.act()
        time.sleep(0.1)
    time.sleep(max(0, second - time.monotonic()))
if args.long:
    metrics = http.client.HTTPConnection(*where, timeout=20)
    metrics.request('GET', '/metrics')
    held = int(re.search(r'^catchment_http_connections(?:\{[^}]*\})? (\d+)', metrics.getresponse().read().decode(), re.M).group(1))
    print(f'{held} connections held after the readers\' time')
    expect('readers who take nothing are cut', held < READERS, held)
check_cut('heads', slow['heads'], HEADER_S)
check_cut('bodies', slow['bodies'], BODY_S)

for one in idle:
    one.close()
flood = []
if args.idle <= 20_000:
    flood_the_places()
print(ordinary.report())
for one in flood + sum((s.open for s in slow.values()), []):
    one.close()
service.stop()
for failure in failures:
    print(failure)
shutil.rmtree(world.work)
sys.exit(1 if failures else 0)

#!/usr/bin/env python3
"""A whole city's families on opening day, while the service is killed every minute (R5.4).

  city_rehearsal.py --build build/bench [--families 130000] [--minutes 14] [--kill-every 60] [--folder DIR]
  city_rehearsal.py --build build/bench --families 2000 --minutes 1 --kill-every 20        to try it

The load is open (http_load --retry): requests fall due whatever the service does, a fifth of the families in the first
minute from 08:00, the others evenly after it; for each registration two things are read. A latency runs from when a request
fell due until it was answered for good, over every kill. What was broken off or shed is sent again with the same key, as
families do. Nobody in it is real: each child has a number of a region that does not exist; guardians' sessions are shared
(--guardians), because a session costs a code by phone. Held against the store at the end: every registration that was due
is there, once, whoever was answered what. Prints each kill's outage (until a look-up is answered again) and the peak of
memory, and says which of R5.4's promises hold.
"""
import argparse, http.client, os, re, shutil, signal, sqlite3, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, '../../rest'))
from rehearsal import Service, World
from registration_rows import write_registrations

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', default=os.path.join(here, '../../../datasets/policy/packs/guiyang-2024.json'))
ap.add_argument('--families', type=int, default=130_000)
ap.add_argument('--minutes', type=float, default=14)
ap.add_argument('--kill-every', type=float, default=60)
ap.add_argument('--guardians', type=int, default=200)
ap.add_argument('--folder', default=tempfile.gettempdir())
args = ap.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends with this

BEGIN = '2024-06-11T08:00'
READS = ['1 GET /v1/lookup?lon=110.5&lat=33.5', '1 GET /v1/calendar']
PER_FAMILY = 1 + len(READS)
MOST_OUTAGE_S, MOST_MEMORY = 3, 1.5 * 2**30


class Killed:
    """The service on one port through its lives: when it was killed, how long nobody was answered, what memory it took."""

    def __init__(self, world):
        self.world, self.outages, self.memory = world, [], 0
        self.service = Service(world, BEGIN, log=False)
        self.port = self.service.connection.port

    def look(self):
        with open(f'/proc/{self.service.process.pid}/status') as file:
            self.memory = max(self.memory, 1024 * int(re.search(r'VmHWM:\s+(\d+)', file.read()).group(1)))

    def answered(self):
        try:
            connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=5)
            connection.request('GET', '/v1/lookup?lon=110.5&lat=33.5')
            return connection.getresponse().status == 200
        except OSError:
            return False

    def kill(self):
        self.look()
        self.service.process.kill()
        died = time.monotonic()
        self.service.process.wait()
        self.service.out.close(), self.service.err.close()
        self.service = Service(self.world, BEGIN, log=False, port=self.port)
        self.service.connection.close()
        while not self.answered():
            time.sleep(0.005)
        self.outages.append(time.monotonic() - died)

    def run(self, load):
        """As long as the load does. On the thread that began: a service ends with the thread that started it."""
        while True:
            try:
                return load.wait(args.kill_every)
            except subprocess.TimeoutExpired:
                self.kill()


def steps():
    """A fifth in the first minute, the rest evenly: RATE:SECONDS,... of requests, and how many fall due."""
    seconds = args.minutes * 60
    first = min(60.0, seconds / 2)
    rates = [(0.2 * args.families * PER_FAMILY / first, first), (0.8 * args.families * PER_FAMILY / (seconds - first), seconds - first)]
    return ','.join(f'{rate:.3f}:{length:.3f}' for rate, length in rates)


def verdict(what, figure, holds):
    print(f'   {"holds" if holds else "DOES NOT HOLD"}: {what}: {figure}', flush=True)
    return holds


folder = tempfile.mkdtemp(prefix='catchment-city-', dir=args.folder)
try:
    world = World(args.build, args.pack, os.path.join(folder, 'world'), staff=('city-1',))
    killed = Killed(world)
    # A row for every request, so that no child comes twice.
    rows = args.families * PER_FAMILY + 1000
    requests, children = write_registrations(world, killed.service, folder, guardians=args.guardians, most=rows)
    killed.service.connection.close()
    with open(requests, 'a') as file:
        file.write('\n'.join(READS) + '\n')
    print(f'== {args.families} families in {args.minutes:g} min from 08:00, killed every {args.kill_every:g} s', flush=True)
    report = open(os.path.join(folder, 'report'), 'w+')
    load = subprocess.Popen([os.path.join(args.build, 'tests/bench/http_load'), '--port', str(killed.port), '--requests', requests, '--rows', children,
                           '--steps', steps(), '--connections', '128', '--retry', 'yes'], stdout=report, stderr=report)
    code = killed.run(load)
    report.seek(0)
    said = report.read()
    print(said, end='', flush=True)
    if code:
        sys.exit(code)
    killed.look()
    killed.service.stop()
    due, answered, unanswered = (int(n) for n in re.search(r'(\d+) due, (\d+) answered, (\d+) unanswered', said).groups())
    told = sum(int(n) for line in re.findall(r'POST /v1/registrations:(.*)', said) for n in re.findall(r'20[01] x (\d+)', line))
    faults = [line for line in re.findall(r'/v1/\S+:(.*)', said) if re.search(r'(?:4(?!29)|5(?!03))\d\d x', line)]
    kept, distinct = sqlite3.connect(world.database).execute('select count(*), count(distinct child_key) from registration').fetchone()
    outages = ', '.join(f'{s:.2f}' for s in killed.outages)
    held = [verdict('registrations acknowledged and in the store', f'{told} and {kept}', told == kept and told > 0),
            verdict('children twice in the store', kept - distinct, kept == distinct),
            verdict('requests never answered', unanswered, unanswered == 0), verdict('requests refused', faults or 0, not faults),
            verdict(f'{len(killed.outages)} kills, seconds until a look-up is answered again', outages, bool(killed.outages) and max(killed.outages) <= MOST_OUTAGE_S),
            verdict('memory at most', f'{killed.memory / 2**20:.0f} MiB', killed.memory <= MOST_MEMORY)]
    sys.exit(0 if all(held) else 1)
finally:
    shutil.rmtree(folder, ignore_errors=True)

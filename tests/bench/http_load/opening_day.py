#!/usr/bin/env python3
"""Opening day: how fast those who wait are answered, whether forged tickets pass, and what a tenfold overload does.

  opening_day.py --build build/bench [--part overload|waiting|results|all] [--seconds 10] [--forged 1000000]

The waiting room: catchmentd with a closed door (--door-rate 0) on all cores there are, the load too. Overload: http_hello
with 4 workers that need 5 ms (800 answers a second at most), asked for a half, for tenfold, and for a half again; held to R5.3.
--overload-seconds 300 is R5.3's own length. Results hour (R5.5): a million look-ups in ten minutes of published answers,
256 files by the first byte of a code's hash. A figure of a generator that came late says so: it is the machine's.
"""
import argparse, hashlib, http.client, json, os, random, re, resource, shutil, signal, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, '../../rest'))
from rehearsal import Service, World

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', default=os.path.join(here, '../../../datasets/policy/packs/guiyang-2024.json'))
ap.add_argument('--part', choices=('overload', 'waiting', 'results', 'all'), default='all')
ap.add_argument('--seconds', default='10')
ap.add_argument('--look-ups', type=int, default=1_000_000)
ap.add_argument('--results-seconds', type=int, default=600)
ap.add_argument('--forged', type=int, default=1_000_000)
ap.add_argument('--forged-rate', type=int, default=10_000)
ap.add_argument('--overload-seconds', type=int, default=30)
args = ap.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends with this
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # 2,000 connections on either side; children inherit it
folder = tempfile.mkdtemp(prefix='catchment-opening-')
DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'


def write(name, text):
    with open(os.path.join(folder, name), 'w') as file:
        file.write(text)
    return os.path.join(folder, name)


def load(port, pid, *options):
    done = subprocess.run([os.path.join(args.build, 'tests/bench/http_load'), '--port', str(port), '--pid', str(pid), *options], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'http_load ended with {done.returncode}: {done.stderr or done.stdout}')
    return done.stdout


def verdict(what, figure, holds, unit=''):
    print(f'   {"holds" if holds else "DOES NOT HOLD"}: {what}: {figure}{unit}', flush=True)


def came_late(text):
    """Milliseconds, p99, by which the generator sent after a request fell due."""
    late = float(re.search(r'sent late p99 ([\d.]+)', text).group(1))
    if late > 5:
        print(f'   (the generator itself was {late:.0f} ms late at p99: latencies are the machine\'s as well)', flush=True)
    return late


def ticket(service):
    connection = http.client.HTTPConnection('127.0.0.1', service.connection.port)
    connection.request('GET', '/v1/door')
    answer = connection.getresponse()
    answer.read()
    return re.match(r'__Host-waiting=([^;]+)', answer.headers['Set-Cookie']).group(1)


def tickets_given(service):
    connection = http.client.HTTPConnection('127.0.0.1', service.connection.port)
    connection.request('GET', '/metrics')
    return int(re.search(r'catchment_door_tickets_total (\d+)', connection.getresponse().read().decode()).group(1))


def forged(real):
    draw = random.Random(5)
    for i in range(args.forged):
        if i % 2:
            yield ''.join(draw.choices(DIGITS, k=43))
        else:
            at = draw.randrange(len(real) - 1)  # the last digit has two bits that must be zero
            yield real[:at] + draw.choice(DIGITS.replace(real[at], '')) + real[at + 1:]


def waiting_room():
    world = World(args.build, args.pack, os.path.join(folder, 'world'))
    os.makedirs(os.path.join(folder, 'viewer'))
    write('viewer/index.html', '<!doctype html>' + 'a page of two thousand bytes. ' * 66)
    service = Service(world, '2024-06-11T09:00', flags=('--door-opens', '2024-06-11T08:00', '--door-rate', '0', '--viewer', os.path.join(folder, 'viewer')), log=False)
    real = [ticket(service) for _ in range(1000)]
    rows = write('rows', '\n'.join(real) + '\n')
    mix = write('requests', '''6 GET /v1/door Accept:text/html Cookie:__Host-waiting={1}
3 POST /v1/guardians/codes Content-Type:application/json Cookie:__Host-waiting={1} < {"phone":"+9997010001"}
1 POST /v1/guardians/codes Content-Type:application/json < {"phone":"+9997010001"}
10 GET /
''')
    for rate in ('0', '20000'):
        print(f'== waiting room and static page, {"full" if rate == "0" else rate + "/s"}')
        print(load(service.connection.port, service.process.pid, '--requests', mix, '--rows', rows, '--rate', rate, '--seconds', args.seconds, '--connections', '256'), flush=True)
    before, wrong = tickets_given(service), write('forged', '\n'.join(forged(real[500])) + '\n')
    only = write('only', '1 GET /v1/door Cookie:__Host-waiting={1}\n')
    # At a constant rate each row is asked once.
    text = load(service.connection.port, service.process.pid, '--requests', only, '--rows', wrong, '--rate', str(args.forged_rate), '--seconds', str(args.forged / args.forged_rate), '--connections', '64')
    asked = int(re.search(r'(\d+) answered', text).group(1))
    print(f'== forged tickets: {asked} asked, {asked - (tickets_given(service) - before)} taken for real', flush=True)
    service.stop()


def overload():
    server = subprocess.Popen([os.path.join(args.build, 'tests/bench/http_hello'), '1', '4'], stdout=subprocess.PIPE, text=True)
    port = int(re.search(r':(\d+)/', server.stdout.readline()).group(1))
    one = write('one', '1 GET /wait/read\n')
    peak = float(re.search(r'good (\d+)/s', load(port, server.pid, '--requests', one, '--rate', '0', '--seconds', '5', '--connections', '16')).group(1))
    print(f'== overload of four workers that need 5 ms (full: {peak:.0f}/s), by lanes: a half, tenfold for {args.overload_seconds} s, a half', flush=True)
    steps = f'400:5,8000:{args.overload_seconds},400:10'
    text = load(port, server.pid, '--requests', os.path.join(here, 'mixed.txt'), '--steps', steps, '--connections', '2000', '--timeline', 'yes')
    print(text, end='', flush=True)
    server.terminate(), server.wait()
    came_late(text)
    tenfold = text[text.index('8000/s due'):text.index('400/s due for 10')]
    together = tenfold[tenfold.index('together:'):]
    seconds = [(int(s), int(good), float(p99), int(shed)) for s, good, p99, shed in re.findall(r'second +(\d+): good (\d+), p99 ([\d.]+) ms; shed (\d+)', text)]
    good, longest = re.search(r'good +(\d+): .* max ([\d.]+)', together).groups()
    goodput = int(good) / (args.overload_seconds + float(longest) / 1000)  # the last was answered so much later
    verdict('goodput of the tenfold, against full', f'{goodput / peak:.2f}', goodput >= 0.9 * peak)
    admitted, shed = (re.search(kind + r' +\d+: ms p50 ([\d.]+) p99 ([\d.]+)', together) for kind in ('good', 'shed'))
    verdict('p99 of what was admitted', admitted.group(2), float(admitted.group(2)) <= 200, ' ms')
    if shed:
        verdict('what was shed is told so, p50', shed.group(1), float(shed.group(1)) <= 5, ' ms')
    end = 5 + args.overload_seconds
    after = [s for s, _, p99, shed in seconds if s >= end and (shed > 0 or p99 > 200)]
    verdict('back to normal after', max(after) - end + 1 if after else 0, not after or max(after) - end < 5, ' s')


def results_hour():
    """Answers by code, as a results page reads them: a file for each of 256 prefixes of the code's hash, 130,000 codes."""
    viewer = os.path.join(folder, 'results-viewer')
    os.makedirs(os.path.join(viewer, 'results'))
    write('results-viewer/index.html', '<!doctype html>results')
    files = {}
    for n in range(130_000):
        code = hashlib.sha256(f'synthetic {n}'.encode()).hexdigest()
        files.setdefault(code[:2], {})[code[:16]] = {'school': f'S{n % 200:04d}', 'way': 'zone'}
    for prefix, answers in files.items():
        write(f'results-viewer/results/{prefix}.json', json.dumps(answers, separators=(',', ':')))
    world = World(args.build, args.pack, os.path.join(folder, 'results-world'))
    service = Service(world, '2024-06-20T09:00', flags=('--viewer', viewer), log=False)
    rows, rate = write('prefixes', '\n'.join(files) + '\n'), args.look_ups / args.results_seconds
    print(f'== results hour: {args.look_ups} look-ups in {args.results_seconds} s', flush=True)
    text = load(service.connection.port, service.process.pid, '--requests', write('asked', '1 GET /results/{1}.json Accept-Encoding:gzip\n'), '--rows', rows, '--rate', str(rate),
                '--seconds', str(args.results_seconds), '--connections', '256')
    print(text, end='', flush=True)
    came_late(text)
    p99 = float(re.search(r'good +\d+: ms p50 [\d.]+ p99 ([\d.]+)', text).group(1))
    verdict('p99', p99, p99 <= 20, ' ms')
    service.stop()


PARTS = {'overload': overload, 'waiting': waiting_room, 'results': results_hour}
try:
    for name, part in PARTS.items():
        if args.part in (name, 'all'):
            part()
finally:
    shutil.rmtree(folder, ignore_errors=True)

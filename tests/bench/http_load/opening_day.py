#!/usr/bin/env python3
"""Opening day: how fast those who wait are answered, whether forged tickets pass, and what a tenfold overload does.

  opening_day.py --build build/bench [--seconds 10] [--forged 1000000]

The waiting room: catchmentd with a closed door (--door-rate 0) on all cores there are, the load too. Overload: http_hello
with 4 workers that need 5 ms (800 answers a second), asked for a half, for tenfold, and for a half again.
"""
import argparse, http.client, os, random, re, shutil, signal, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, '../../rest'))
from rehearsal import Service, World

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', default=os.path.join(here, '../../../datasets/policy/packs/guiyang-2024.json'))
ap.add_argument('--seconds', default='10')
ap.add_argument('--forged', type=int, default=1_000_000)
ap.add_argument('--forged-rate', type=int, default=10_000)
ap.add_argument('--overload-seconds', type=int, default=30)
args = ap.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends with this
folder = tempfile.mkdtemp(prefix='catchment-opening-')
DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'


def write(name, text):
    with open(os.path.join(folder, name), 'w') as file:
        file.write(text)
    return os.path.join(folder, name)


def load(port, pid, *options):
    done = subprocess.run([os.path.join(args.build, 'tests/bench/http_load'), '--port', str(port), '--pid', str(pid), *options], capture_output=True, text=True, check=True)
    return done.stdout


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
    print('== overload of four workers that need 5 ms (800/s), by lanes: a half, tenfold, a half')
    print(load(port, server.pid, '--requests', os.path.join(here, 'mixed.txt'), '--steps', f'400:5,8000:{args.overload_seconds},400:10', '--connections', '2000', '--timeline', 'yes'))
    server.terminate(), server.wait()


try:
    overload()
    waiting_room()
finally:
    shutil.rmtree(folder, ignore_errors=True)

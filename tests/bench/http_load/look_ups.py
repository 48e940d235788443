#!/usr/bin/env python3
"""Look-ups of a running service on one core, beside nginx's constant reply of the same size and the library's own hello.

  look_ups.py --build build/bench --package city.gpkg [--snapshot FILE] [--seconds 5]

Server on core 0, load on core 1, 64 connections kept. For each: answers a second when full and the processor's time an
answer took (which a busy machine changes less), then latencies at half of that rate. Ratios are to nginx.
"""
import argparse, json, os, random, re, shutil, signal, sqlite3, struct, subprocess, sys, tempfile, time, urllib.parse, urllib.request

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True), ap.add_argument('--package', required=True)
ap.add_argument('--snapshot')
ap.add_argument('--layer', help='stage/year of the look-ups of one layer; the newest primary one if not given')
ap.add_argument('--seconds', default='5')
ap.add_argument('--port', type=int, default=random.randrange(20000, 40000))
args = ap.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends with this
folder = tempfile.mkdtemp(prefix='catchment-load-')
running = []


def path(name):
    return os.path.join(folder, name)


def write(name, text):
    with open(path(name), 'w') as file:
        file.write(text)
    return path(name)


def make_rows():
    """Doors drawn from the package: places within some 50 m of them, and their texts."""
    draw = random.Random(1)
    database = sqlite3.connect(args.package)
    found = database.execute('select geom, text from address where geom is not null').fetchall()
    chosen = [found[draw.randrange(len(found))] for _ in range(50_000)]
    points = [struct.unpack('<dd', geom[-16:]) for geom, _ in chosen]
    write('points', ''.join(f'{x + draw.uniform(-5e-4, 5e-4):.6f}\t{y + draw.uniform(-5e-4, 5e-4):.6f}\n' for x, y in points))
    write('texts', ''.join(urllib.parse.quote(text) + '\n' for _, text in chosen))
    year = database.execute("select max(school_year) from zone where stage = 'primary'").fetchone()[0]
    return len(found), args.layer or f'primary/{year}', points[0]


def start(*command):
    process = subprocess.Popen(['taskset', '-c', '0', *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    running.append(process)
    return process, int(re.search(r':(\d+)/', process.stdout.readline()).group(1))


def start_nginx(size):
    config = write('nginx.conf', f'''master_process off; daemon off; pid {path('nginx.pid')}; error_log {path('nginx.log')};
      events {{ worker_connections 1024; }}
      http {{ access_log off; keepalive_requests 1000000000;
        client_body_temp_path {path('b')}; proxy_temp_path {path('p')}; fastcgi_temp_path {path('f')}; uwsgi_temp_path {path('u')}; scgi_temp_path {path('s')};
        server {{ listen 127.0.0.1:{args.port}; location / {{ default_type application/json; return 200 '{"x" * size}'; }} }} }}''')
    process = subprocess.Popen(['taskset', '-c', '0', 'nginx', '-c', config], stderr=subprocess.DEVNULL)
    running.append(process)
    time.sleep(0.5)
    return process, args.port


def load(process, port, requests, rows, rate):
    command = [os.path.join(args.build, 'tests/bench/http_load'), '--port', str(port), '--requests', write('requests', requests + '\n'), '--connections', '64',
               '--seconds', args.seconds, '--pid', str(process.pid), '--rate', str(rate)]
    return subprocess.run(['taskset', '-c', '1', *command, *(['--rows', path(rows)] if rows else [])], capture_output=True, text=True, check=True).stdout


def measure(name, server, requests, rows=None, peer=None):
    """Prints and returns (answers a second, microseconds an answer)."""
    text = load(*server, requests, rows, 0)
    full = float(re.search(r'good (\d+)/s', text).group(1))
    micros = float(re.search(r'([\d.]+) us an answer', text).group(1))
    share = re.search(r'server: CPU (\d+) %', text).group(1)
    ratio = f'; to nginx {full / peer[0]:.2f} by rate, {peer[1] / micros:.2f} by CPU' if peer else ''
    print(f'{name}: {full:.0f}/s full, {micros:.1f} us an answer (server at {share} % of its core){ratio}')
    text = load(*server, requests, rows, full / 2)
    print(f'  at {full / 2:.0f}/s: ' + re.search(r'good +\d+: (.*)', text).group(1), flush=True)
    faults = re.search(r'fault (\d+)/s', text).group(1)
    if faults != '0':
        print('  FAULTS', faults)
    return full, micros


try:
    addresses, layer, place = make_rows()
    snapshot = ['--snapshot', args.snapshot] if args.snapshot else []
    city = start(os.path.join(args.build, 'server/catchmentd'), '--package', args.package, *snapshot, '--port', '0', '--threads', '1')
    one, every = '1 GET /v1/lookup?lon={1}&lat={2}&layer=' + layer, '1 GET /v1/lookup?lon={1}&lat={2}'
    size = lambda question: len(urllib.request.urlopen(f'http://127.0.0.1:{city[1]}/v1/lookup?lon={place[0]}&lat={place[1]}{question}').read())
    print(f'{addresses} addresses; a look-up answers {size("&layer=" + layer)} bytes for one layer, {size("")} for all')
    nginx = start_nginx(size('&layer=' + layer))
    peer = measure('nginx, constant reply', nginx, '1 GET /')
    measure('http_hello', start(os.path.join(args.build, 'tests/bench/http_hello'), '1', '8'), '1 GET /', peer=peer)
    measure('point look-up, one layer', city, one, 'points', peer)
    measure('point look-up, all layers', city, every, 'points', peer)
    measure('address look-up', city, '1 GET /v1/addresses?q={1}', 'texts', peer)
    measure('nginx again', nginx, '1 GET /')
finally:
    for process in running:
        process.terminate()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)

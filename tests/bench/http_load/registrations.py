#!/usr/bin/env python3
"""Durable registrations through HTTP: JSON, a guardian's session, sealing, fsync before the answer.

  registrations.py --build build/bench [--postgres] [--seconds 60] [--rate 1500] [--folder DIR]

Prints answers a second when full (64 connections) and latencies at a constant rate, each beside the median of fdatasync
in the same folder just before and after. Everything runs on the cores there are, the load too. Nobody in it is real.
"""
import argparse, os, shutil, signal, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, '../../rest'))
from peers import Postgres, fsync_median_ms
from registration_rows import write_registrations
from rehearsal import Service, World

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', default=os.path.join(here, '../../../datasets/policy/packs/guiyang-2024.json'))
ap.add_argument('--folder', default=tempfile.gettempdir())
ap.add_argument('--postgres', action='store_true')
ap.add_argument('--seconds', type=float, default=60)
ap.add_argument('--rate', type=float, default=1500)
ap.add_argument('--most', type=int, default=400_000, help='children made up at most')
ap.add_argument('--guardians', type=int, default=100)
ap.add_argument('--connections', default='64')
ap.add_argument('--steps', help='RATE:SECONDS,... in place of the two runs, with a line a second')
args = ap.parse_args()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends with this


def load(service, folder, rows, *options):
    port = str(service.connection.port)
    done = subprocess.run([os.path.join(args.build, 'tests/bench/http_load'), '--port', port, '--requests', os.path.join(folder, 'requests'), '--rows', rows,
                           '--connections', args.connections, '--pid', str(service.process.pid), *options], capture_output=True, text=True)
    print(done.stdout + done.stderr, end='', flush=True)


def split_rows(folder, parts):
    """No child twice: each run has rows of its own."""
    lines = open(os.path.join(folder, 'rows')).readlines()
    names = []
    for part in range(parts):
        names.append(os.path.join(folder, f'rows{part}'))
        open(names[-1], 'w').writelines(lines[part::parts])
    return names


folder = tempfile.mkdtemp(prefix='catchment-registrations-', dir=args.folder)
os.chmod(folder, 0o755)
postgres = Postgres(folder, 'season') if args.postgres else None
try:
    world = World(args.build, args.pack, os.path.join(folder, 'world'), postgres.url if postgres else None)
    service = Service(world, '2024-06-11T09:00', log=False)
    write_registrations(world, service, folder, args.guardians, args.most)
    rows = split_rows(folder, 2)
    runs = [('full', ('--rate', '0')), (f'{args.rate:.0f}/s', ('--rate', str(args.rate)))]
    if args.steps:
        runs = [(args.steps, ('--steps', args.steps, '--timeline', 'yes'))]
    for name, options in runs:
        before = fsync_median_ms(folder)
        print(f'== {"PostgreSQL" if postgres else "SQLite"}, {name}: fdatasync median before {before:.3f} ms', flush=True)
        load(service, folder, rows.pop(), '--seconds', str(args.seconds), *options)
        print(f'   fdatasync median after {fsync_median_ms(folder):.3f} ms', flush=True)
    service.stop()
finally:
    if postgres:
        postgres.stop()
    shutil.rmtree(folder, ignore_errors=True)

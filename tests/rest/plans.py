#!/usr/bin/env python3
"""A boundary plan from draft to the public, and a redraw watched by its events, through the service's REST interface.

  plans.py --build build/release --pack datasets/policy/packs/guiyang-2024.json [--schools 40] [--show]

Two city officers and a family act; the city is made up. Prints what the live route costs; --show prints each exchange, cut
to what a reader needs. Exits with a sentence on the first answer that is not as it must be.
"""
import argparse, atexit, http.client, json, os, re, signal, sqlite3, subprocess, sys, tempfile, time

ap = argparse.ArgumentParser()
for name in ('--build', '--pack', '--store'):
    ap.add_argument(name)
ap.add_argument('--schools', type=int, default=6)
ap.add_argument('--tries', type=int, default=100)
ap.add_argument('--show', action='store_true')
args = ap.parse_args()
work = tempfile.mkdtemp(prefix='catchment-plans-')
catchment, catchmentd = (os.path.join(args.build, 'server', p) for p in ('catchment', 'catchmentd'))
store = args.store or 'sqlite:' + os.path.join(work, 'season.db')
keys, city, texts = (os.path.join(work, n) for n in ('keys', 'city.gpkg', 'texts'))


def run(*command, good=(0,)):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in good:
        sys.exit(f'{" ".join(command[:3])}: {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


run(catchment, 'synth', city, '--seed', '5', '--schools', str(args.schools), '--years', '3')
password = os.path.join(work, 'password')
open(password, 'w').write('a password for a rehearsal\n')
tokens = {}
districts = [row[0] for row in sqlite3.connect(city).execute("select id from place where kind = 'district'")]
for name, *role in (('city-1', 'city'), ('city-2', 'city'), ('auditor', 'auditor'),
                    *((district, 'district', '--district', district) for district in districts)):
    where = ('--store', store, '--keys', keys, '--name', name.lower())
    run(catchmentd, 'account', *where, '--role', *role, '--password-file', password)
    tokens[name] = run(catchmentd, 'token', *where).strip()

process = subprocess.Popen([catchmentd, '--package', city, '--port', '0', '--store', store, '--keys', keys, '--policy', args.pack,
                            '--texts', texts, '--rehearsal', '--clock', '2024-03-01T08:00'], stdout=subprocess.PIPE, text=True)
atexit.register(process.kill)
address = re.search(r'http://([^/]+)/', process.stdout.readline()).group(1)
connection = http.client.HTTPConnection(address, timeout=120)
posts = 0


def call(method, path, body=None, who=None, if_match=None, session=None):
    global posts
    headers = {}
    if body is not None:
        headers['Content-Type'] = 'application/json'
    if method == 'POST':
        posts += 1
        headers['Idempotency-Key'] = f'key-{posts}'
    if who:
        headers['Authorization'] = 'Bearer ' + tokens[who]
    if if_match:
        headers['If-Match'] = if_match
    if session:
        headers['Cookie'], headers['X-CSRF-Token'] = session['cookie'], session['csrf']
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    value = json.loads(text) if 'json' in answer.headers.get('Content-Type', '') and text else text
    if args.show:
        print(f'{method} {path} {"" if body is None else json.dumps(body, ensure_ascii=False)[:300]}\n  {answer.status} '
              f'{answer.headers.get("ETag", "")} {text[:700]}')
    return answer, value


def want(status, method, path, *a, code=None, **k):
    for _ in range(60):  # the city is made ready when it is first asked for
        answer, value = call(method, path, *a, **k)
        if answer.status != 503:
            break
    if answer.status != status or (code and value.get('code') != code):
        sys.exit(f'{method} {path}: {answer.status} instead of {status} {code or ""}: {json.dumps(value, ensure_ascii=False)[:500]}')
    return answer, value


def cpu_ms():
    """Of the service, so far."""
    fields = open(f'/proc/{process.pid}/stat').read().rsplit(')', 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def family(phone):
    want(202, 'POST', '/v1/guardians/codes', {'phone': phone})
    for _ in range(4000):
        line = open(texts).read().strip().split('\n')[-1] if os.path.exists(texts) else ''
        if code := re.search(r'(\d{6})\s*$', line):
            break
        time.sleep(0.002)
    answer, body = want(201, 'POST', '/v1/guardians/sessions', {'phone': phone, 'code': code.group(1)})
    return {'cookie': answer.headers['Set-Cookie'].split(';')[0], 'csrf': body['csrf']}


answer, plan = want(201, 'POST', '/v1/plans', {'name': '桥北片调整', 'scenario': []}, 'city-1')
path, tag = f'/v1/plans/{plan["number"]}', answer.headers['ETag']
units = want(200, 'GET', path + '/units?stage=primary&school_year=2028', None, 'city-1')[1]['units']
schools = sorted({s for u in units for s in u['schools']})
unit = next(u['unit'] for u in units if u['schools'] == [schools[0]])
change = {'change': 'reassign_units', 'stage': 'primary', 'from_year': 2028, 'units': [unit], 'school': schools[1]}
want(422, 'POST', path + '/live', {'changes': [dict(change, units=['nowhere'])]}, 'city-1', code='plan_unknown')
movable = [u['unit'] for u in units if len(u['schools']) == 1 and u['schools'] != [schools[1]]]
want(200, 'POST', path + '/live', {'changes': []}, 'city-1')
costs, show, args.show = [], args.show, False
cpu = cpu_ms()
for i in range(args.tries):
    body = {'changes': [dict(change, units=[movable[i % len(movable)]])]}
    begun = time.perf_counter()
    want(200, 'POST', path + '/live', body, 'city-1')
    costs.append(1000 * (time.perf_counter() - begun))
args.show, cpu = show, (cpu_ms() - cpu) / args.tries
want(200, 'POST', path + '/live', {'changes': [change]}, 'city-1')
costs.sort()
want(428, 'PUT', path, {'name': '桥北片调整', 'scenario': [change]}, 'city-1', code='if_match_missing')
answer, plan = want(200, 'PUT', path, {'name': '桥北片调整', 'scenario': [change]}, 'city-1', tag)
want(412, 'PUT', path, {'name': 'x', 'scenario': []}, 'city-2', tag, code='changed_meanwhile')
evaluated = want(200, 'POST', path + '/evaluate', {'schools': True}, 'city-1')[1]
for part in ('comparison', 'statement?lang=zh', 'certificate', 'zones?stage=primary&school_year=2028', 'units.geojson',
             'export?format=units', 'export?format=scenario', 'export?format=zones'):
    want(200, 'GET', f'{path}/{part}', None, 'city-1')


def advance(to, who, status, code=None):
    version = want(200, 'GET', path, None, who)[1]['version']
    return want(status, 'POST', path + '/advance', {'to': to, 'version': version}, who, code=code)[1]


want(409, 'POST', path + '/publish', {}, 'city-1', code='not_now')
advance('consulting', 'city-1', 202)
advance('consulting', 'city-1', 403, 'same_person')
advance('consulting', 'city-2', 200)
home = family('13900000001')
want(201, 'POST', path + '/comments', {'unit': unit, 'text': '过马路不安全，请设天桥。'}, session=home)
advance('approved', 'city-1', 409, 'comments_unanswered')
want(200, 'PUT', path + '/comments/1/answer', {'text': '将设过街天桥。'}, 'city-1')
want(200, 'GET', path + '/comments')
advance('approved', 'city-1', 202)
advance('approved', 'city-2', 200)
want(200, 'POST', path + '/publish', {}, 'city-1')
want(200, 'GET', path + '/steps', None, 'city-1')
want(200, 'GET', '/v1/plans?state=published')

# A district's plan moves its own units among its own schools.
district_of = {row['school']: row['district'] for row in want(200, 'GET', '/v1/seats/primary', None, 'city-1')[1]['seats']}
officer = district_of[schools[0]]
own = [s for s in schools if district_of.get(s) == officer]
others = [s for s in schools if s in district_of and s not in own]
move = lambda to: {'name': '本区调整', 'district': officer, 'scenario': [dict(change, school=to)]}
if len(own) > 1:
    want(201, 'POST', '/v1/plans', move(own[1]), officer)
if others:
    want(403, 'POST', '/v1/plans', move(others[0]), officer, code='other_district')
    foreign = next(u['unit'] for u in units if u['schools'] == [others[0]])
    body = dict(move(schools[0]), scenario=[dict(change, units=[foreign], school=schools[0])])
    want(403, 'POST', '/v1/plans', body, officer, code='other_district')
want(400, 'GET', f'{path}/certificate?unknown=1', None, 'city-1', code='parameter_unknown')
want(400, 'GET', '/v1/jobs/1/events?unknown=1', None, 'city-1', code='parameter_unknown')

answer, job = want(202, 'POST', '/v1/jobs', {'kind': 'redraw', 'plan': plan['number'], 'options': {
    'rounds': 2, 'move_share': 20, 'soft_seats': True, 'goals': {'distance': 1, 'seats_over': 5000}}}, 'city-1')
watch = http.client.HTTPConnection(address, timeout=300)
watch.request('GET', f'/v1/jobs/{job["number"]}/events', headers={'Authorization': 'Bearer ' + tokens['city-1'], 'Accept': 'text/event-stream'})
stream = watch.getresponse()
events = stream.read().decode()
if args.show:
    print(stream.status, stream.headers.get('Content-Type'), events[:1500])
if 'event: done' not in events:
    sys.exit('the redraw did not end well: ' + events[-500:])
want(200, 'GET', f'/v1/jobs/{job["number"]}', None, 'city-1')
scenario = want(200, 'GET', f'/v1/jobs/{job["number"]}/scenario', None, 'city-1')[1]
want(201, 'POST', '/v1/plans', {'name': '优化方案', 'scenario': scenario}, 'city-1')
answer, job = want(202, 'POST', '/v1/jobs', {'kind': 'ensemble', 'options': {'steps': 10**9, 'ignore_seats': True, 'free_zones': True}}, 'city-1')
want(202, 'POST', f'/v1/jobs/{job["number"]}/cancel', {}, 'city-1')
forecast = want(200, 'GET', '/v1/seat-forecasts?stage=primary', None, 'city-1')[1]['forecasts'][0]
warned = want(200, 'GET', '/v1/warnings', None, 'city-1')[1]['warnings']
want(200, 'POST', '/v1/warnings/publications', {k: forecast[k] for k in ('school', 'stage', 'school_year')}, 'city-1')
if len(want(200, 'GET', '/v1/seat-forecasts')[1]['forecasts']) != 1:
    sys.exit('the public sees another number of forecasts than one')
journal = want(200, 'GET', '/v1/journal', None, 'auditor')[1]


def told(*command):
    """What the tool says in JSON."""
    out = os.path.join(work, 'told.json')
    run(catchment, *command, '--json', out, good=(0, 1))  # 1: there are findings
    return json.load(open(out))


file = os.path.join(work, 'scenario.json')
json.dump(plan['scenario'], open(file, 'w'))
if told('plan', 'evaluate', city, '--scenario', file)['indicators'] != evaluated['indicators']:
    sys.exit('the tool evaluates the plan otherwise')
by_place = lambda w: (w['school'], w['stage'], w['school_year'], w['admission_unit'], w['kind'])
if sorted(told('demand', 'warn', city)['warnings'], key=by_place) != sorted(warned, key=by_place):
    sys.exit('the tool warns otherwise')
process.send_signal(signal.SIGTERM)
if process.wait(30):
    sys.exit('the service did not stop well')
print(f'{args.schools} schools, {len(own)} of one district and {len(others)} of others, {len(units)} units; a change tried live, by one client: {cpu:.1f} ms of processor, '
      f'median {costs[len(costs) // 2]:.1f} ms, '
      f'p99 {costs[int(len(costs) * 0.99) - 1]:.1f} ms, most {costs[-1]:.1f} ms of {len(costs)}')

#!/usr/bin/env python3
"""A whole made-up season through the service's REST interface alone.

  season.py --build build/release --pack datasets/policy/packs/guiyang-2024.json --children 400 --store sqlite:/tmp/s.db

Families register, choose, confirm, accept and report at the times that the made-up season gives them, each signed in by
a code sent to its phone; clerks and officers do the rest, two of them where two are asked for. The clock is a
rehearsal's. At the end: every child that may enter has exactly one seat, every draw verifies in the C++ and in the
Python verifier, the journal's chain holds, and a service started anew on the store shows the same season. Prints counts.
Nobody in it is real.
"""
import argparse, atexit, collections, csv, datetime, hashlib, http.client, json, os, re, signal, subprocess, sys, tempfile, time, urllib.parse

ap = argparse.ArgumentParser()
for name in ('--build', '--pack', '--store', '--keep'):
    ap.add_argument(name)
ap.add_argument('--children', type=int, default=400)
ap.add_argument('--seed', type=int, default=1)
args = ap.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
work = args.keep or tempfile.mkdtemp(prefix='catchment-season-')
os.makedirs(work, exist_ok=True)
catchment, catchmentd = (os.path.join(args.build, 'server', p) for p in ('catchment', 'catchmentd'))
store = args.store or 'sqlite:' + os.path.join(work, 'season.db')
keys, texts = os.path.join(work, 'keys'), os.path.join(work, 'texts')


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'{" ".join(command[:3])}: {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


world = os.path.join(work, 'world')
run(catchment, 'synth', 'season', world, '--children', str(args.children), '--policy', args.pack, '--seed', str(args.seed))
rows = lambda name: list(csv.DictReader(open(os.path.join(world, name), encoding='utf-8')))
children, families, schools = rows('children.csv'), rows('families.csv'), rows('schools.csv')
setup = os.path.join(work, 'setup')
os.makedirs(setup, exist_ok=True)
for name in ('season.csv', 'schools.csv', 'zones.csv', 'sites.csv'):
    open(os.path.join(setup, name), 'w').write(open(os.path.join(world, name)).read())
city = os.path.join(work, 'city.gpkg')
run(catchment, 'synth', city, '--seed', '1', '--schools', '4', '--children', '300')

# Accounts: two officers of every district, two of the city, a clerk of all schools, an auditor, an operator.
password = os.path.join(work, 'password')
open(password, 'w').write('a password for a rehearsal\n')
tokens = {}


def account(name, role, *scope):
    made = run(catchmentd, 'account', '--token', '--store', store, '--keys', keys, '--name', name, '--role', role, '--password-file', password, *scope)
    tokens[name] = made.split()[1]


districts = sorted({s['district'] for s in schools})
for d in districts:
    for n in '12':
        account(f'district-{d.lower()}-{n}', 'district', '--district', d)
for n in '12':
    account(f'city-{n}', 'city')
account('auditor', 'auditor'), account('operator', 'operator')
account('clerk', 'school', *(word for s in schools for word in ('--school', s['school_id'])))


class Service:
    def __init__(self, clock):
        self.process = subprocess.Popen(
            [catchmentd, '--package', city, '--port', '0', '--store', store, '--keys', keys, '--policy', args.pack,
             '--season', setup, '--texts', texts, '--rehearsal', '--clock', clock], stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        line = self.process.stdout.readline()
        found = re.search(r'http://([^/]+)/', line)
        if not found:
            sys.exit('the service did not start')
        self.address = found.group(1)
        self.connection = http.client.HTTPConnection(self.address, timeout=60)
        self.posts = 0

    def call(self, method, path, body=None, token=None, session=None, key=None):
        headers = {}
        if body is not None:
            headers['Content-Type'] = 'application/json'
        if method == 'POST':
            self.posts += 1
            headers['Idempotency-Key'] = key or f'key-{os.getpid()}-{self.posts}'
        if token:
            headers['Authorization'] = 'Bearer ' + tokens[token]
        if session:
            headers['Cookie'], headers['X-CSRF-Token'] = session['cookie'], session['csrf']
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        kind = answer.headers.get('Content-Type', '')
        return answer, (json.loads(text) if 'json' in kind and text else text.decode())

    def ok(self, *a, **k):
        answer, body = self.call(*a, **k)
        if answer.status >= 300:
            sys.exit(f'{a[0]} {a[1]}: {answer.status} {json.dumps(body, ensure_ascii=False)}')
        return body

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(30):
            sys.exit('the service did not stop well')


at = lambda text: datetime.datetime.fromisoformat(text)
service = Service('2024-03-01T08:00:00')
levels = {level['level']: level for level in service.ok('GET', '/v1/calendar')['levels']}
windows = {l: {w['window']: w for w in levels[l]['windows']} for l in levels}
steps = {l: {k: at(v) for k, v in levels[l]['steps'].items()} for l in levels}
start = min(at(windows[l]['online']['from']) for l in levels)


def moment(window, millionths):
    """So many millionths into a window, in its open hours."""
    if millionths == '':
        return None
    f, u = at(window['from']), at(window['until'])
    t = f + (u - f) * int(millionths) / 1_000_000
    if 'daily' in window:
        minutes = lambda text: int(text[:2]) * 60 + int(text[3:])
        o, c = minutes(window['daily']['from']), minutes(window['daily']['to'])
        share = (t - t.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 86400
        t = t.replace(hour=0, minute=0, second=0, microsecond=0) + datetime.timedelta(seconds=o * 60 + share * ((c - o) * 60 - 1))
        t = min(max(t, f), u)
    return t.replace(microsecond=0)


def identity(i, born):
    """A number with a good check digit, of a region that does not exist."""
    digits = f'0000{i // 1000:02d}' + born.replace('-', '') + f'{i % 1000:03d}'
    total = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)))
    return digits + '10X98765432'[total % 11]


now = [None]


def clock(t):
    if now[0] is None or t > now[0]:
        service.ok('PUT', '/v1/clock', {'now': t.isoformat()}, token='operator')
        now[0] = t


def sign_in(phone):
    before = os.path.getsize(texts) if os.path.exists(texts) else 0
    service.ok('POST', '/v1/guardians/codes', {'phone': phone})
    for _ in range(4000):
        if os.path.exists(texts) and os.path.getsize(texts) > before:
            line = open(texts).read().strip().split('\n')[-1]
            code = re.search(r'(\d{6})\s*$', line)
            if phone[-8:] in line.replace(' ', '') and code:
                break
        time.sleep(0.002)
    else:
        sys.exit('no code was sent')
    answer, body = service.call('POST', '/v1/guardians/sessions', {'phone': phone, 'code': code.group(1)})
    if answer.status != 201:
        sys.exit(f'sign-in: {answer.status} {body}')
    return {'cookie': answer.headers['Set-Cookie'].split(';')[0], 'csrf': body['csrf']}


yes = lambda text: text == 'yes'


def record(i, c, f):
    here_, elsewhere = 'here', 'elsewhere'
    groups = [g for g in c['groups'].split(';') if g] + (['migrant'] if yes(c['migrant']) else [])
    facts = {
        'groups': groups, 'disability': c['disability'] if c['disability'] in ('mild', 'moderate', 'severe') else 'none',
        'hukou_in_city': yes(f['hukou']), 'hukou_urban': yes(f['hukou']), 'hukou_with': f['hukou_with'] or 'other',
        'hukou_since_birth': yes(f['hukou_since_birth']), 'hukou_district': c['district'] if yes(f['hukou']) else elsewhere,
        'hukou_address': here_ if yes(f['hukou_here']) else elsewhere, 'hukou_zone': here_ if yes(f['hukou_here']) else elsewhere,
        'residence_district': c['district'], 'residence_address': here_, 'residence_zone': here_, 'residence_rural': False,
        'parents_in_city': True, 'lives_with': ['parents'] + (['grandparents'] if f['hukou_with'] == 'grandparents' else []),
        'property_addresses': [here_] if yes(f['property']) else [],
        'grandparents_property_addresses': [here_] if yes(f['grandparents_property']) else [],
        'permit_holder': f['permit'] or 'none', 'permit_district': c['district'], 'permit_valid_until': '2024-12-31',
        'residence_months': int(f['residence_months'] or 0), 'lawful_work': yes(f['lawful_work']), 'lawful_home': yes(f['lawful_home']),
        'primary_graduation_year': 2024, 'primary_school': 'primary', 'primary_district': c['district'], 'primary_in_city': True,
        'deferred_last_year': False, 'applied_anew': False, 'deferral_requested': c['placement'] == 'deferred',
        'needs_home_care': c['disability'] == 'home_care', 'evidence': evidence,
    }
    out = {
        'level': c['stage'], 'district': c['district'],
        'child': {'name': f'合成孩子{f["namesake"] or "-" + str(i)}', 'document': {'type': 'resident_id', 'number': identity(i, c['birth_date'])},
                  'birth_date': c['birth_date'], 'sex': c['sex'], 'nationality': 'chinese'},
        'guardian': {'name': f'合成家长{f["family"]}', 'relation': 'mother', 'phone': f'+999{int(f["family"]):08d}'},
        'home': {'zone_id': c['zone_id'] or 'none', 'x_m': int(f['x_m']), 'y_m': int(f['y_m'])}, 'facts': facts,
    }
    return out


policy = service.ok('GET', '/v1/policy')
evidence = [e['id'] for e in policy['evidence']]
code_of, refused, counts = {}, collections.Counter(), collections.Counter()
private = {s['school_id'] for s in schools if s['ownership'] == 'private'}
district_of = {s['school_id']: s['district'] for s in schools}


def family_call(i, path, body=None):
    f = families[i]
    session = sign_in(f'+999{int(f["family"]):08d}')
    answer, out = service.call('POST', path, body, session=session)
    if answer.status >= 300:
        refused[f'{path.rsplit("/", 1)[1]}: {out["code"]}'] += 1
        if answer.status >= 500:
            sys.exit(f'{path}: {answer.status} {out}')
        return None
    counts[path.rsplit('/', 1)[1]] += 1
    return out


def verify(i):
    c, f = children[i], families[i]
    office = {'granted': yes(f['granted']), 'deferred': c['placement'] == 'deferred', 'needs': c['placement'] == 'mainstream' and c['disability'] != ''}
    if f['claim']:
        office['claim'] = {'school_id': f['claim'], 'way': f['claim_way']}
    priority = {k: f[k] for k in ('hukou_since', 'property_since', 'permit_since') if f[k]}
    priority['points'] = int(f['points'] or 0)
    officer = f'district-{c["district"].lower()}-1'
    answer, out = service.call('POST', f'/v1/registrations/{code_of[i]}/verify?case=review', {'office': office, 'priority': priority}, token=officer)
    if answer.status == 422:
        service.ok('POST', f'/v1/registrations/{code_of[i]}/reject?case=review', {}, token=officer)
        counts['rejected'] += 1
    elif answer.status >= 300:
        sys.exit(f'verify: {answer.status} {out}')
    else:
        counts['verified'] += 1


def register(i, kind):
    c, f = children[i], families[i]
    if i in code_of:
        return
    body = record(i, c, f)
    session = sign_in(body['guardian']['phone'])
    made = service.ok('POST', '/v1/registrations', body, session=session)
    code_of[i] = made['code']
    if kind == 'submit':
        answer, out = service.call('POST', f'/v1/registrations/{made["code"]}/submit', {}, session=session)
    else:
        answer, out = service.call('POST', f'/v1/registrations/{made["code"]}/{kind}?case=desk', {}, token=f'district-{c["district"].lower()}-1')
    if answer.status >= 300:
        if answer.status >= 500:
            sys.exit(f'{kind}: {out}')
        refused[f'{kind}: {out["code"]}'] += 1
        return
    counts[kind] += 1
    verify(i)


queue, serial = [], [0]
import heapq


def plan(t, what, *a):
    if t is not None:
        serial[0] += 1
        heapq.heappush(queue, (t, serial[0], what, a))


def answer_time(i, private_seat):
    f = families[i]
    share = f['answers_private'] if private_seat else f['answers_public']
    if share in ('', '-1'):
        return
    out = service.ok('GET', f'/v1/registrations/{code_of[i]}?case=rehearsal', token=f'district-{children[i]["district"].lower()}-1')
    window = windows[children[i]['stage']]['confirm' if private_seat else 'accept']
    t0 = max(now[0], at(window['from']))
    t = t0 + (at(out['answer_by']) - t0) * int(share) / 1_000_000
    if not private_seat:
        plan(t.replace(microsecond=0), 'accept', i)
    else:
        plan(t.replace(microsecond=0), 'take', i)


def step(level, name):
    service.ok('POST', f'/v1/seasons/{level}/steps', {'step': name}, token='city-1')
    counts['step ' + name] += 1


def listed(level, stage):
    by_code = {code: i for i, code in code_of.items()}
    out = []
    for d in districts:
        after = ''
        while True:
            page = service.ok('GET', f'/v1/registrations?district={d}&stage={stage}&limit=200' + (f'&after={after}' if after else ''), token=f'district-{d.lower()}-1')
            out += [by_code[r['code']] for r in page['registrations'] if r['level'] == level]
            after = page.get('next')
            if not after:
                break
    return out


def draw(level, kind, school=None):
    """Roll, dice typed in by one officer, concluded by two."""
    body = {'level': level, 'kind': kind, 'place': 'rehearsal hall'}
    if school:
        body['school'] = school
    one, two = ('city-1', 'city-2')
    for d in service.ok('POST', '/v1/draws', body, token=one)['draws']:
        number = lambda role: f'{int(hashlib.sha256((d["id"] + role).encode()).hexdigest(), 16) % 10000:04d}'
        dice = {f'synthetic-{n}': number(str(n)) for n in range(1, 7)}
        secret = lambda who: hashlib.sha256((d['id'] + who).encode()).hexdigest()
        service.ok('POST', f'/v1/draws/{d["id"]}/ceremony', {'dice': dice, 'notary': secret('notary'), 'bureau': secret('bureau')}, token=one)
        answer, out = service.call('POST', f'/v1/draws/{d["id"]}/finalise', {}, token=one)
        if answer.status != 202:
            sys.exit(f'one person alone concluded a draw: {answer.status} {out}')
        answer, out = service.call('POST', f'/v1/draws/{d["id"]}/finalise', {}, token=one)
        if answer.status != 403:
            sys.exit(f'the same person twice: {answer.status} {out}')
        service.ok('POST', f'/v1/draws/{d["id"]}/finalise', {}, token=two)
        counts['draw ' + kind] += 1


def private_draws(level):
    step(level, 'claims'), step(level, 'private')
    waiting = collections.Counter()
    for i in listed(level, 'private_choice'):
        waiting[families[i]['choice']] += 1
    for school in sorted(waiting):
        draw(level, 'private', school)
    for i in listed(level, 'drawn'):
        answer_time(i, True)
    plan(at(windows[level]['confirm']['until']) + datetime.timedelta(seconds=1), 'settle', level)


def settle(level):
    step(level, 'forfeit'), step(level, 'promote')
    again = listed(level, 'drawn')
    if again:
        last = now[0]
        for i in again:
            answer_time(i, True)
            out = service.ok('GET', f'/v1/registrations/{code_of[i]}?case=rehearsal', token=f'district-{children[i]["district"].lower()}-1')
            last = max(last, at(out['answer_by']))
        plan(last + datetime.timedelta(seconds=1), 'settle', level)
    else:
        step(level, 'end_lines')
        plan(max(steps[level]['zones'], now[0]), 'zones', level)


def zones(level):
    step(level, 'pool')
    draw(level, 'lots')
    step(level, 'zones')
    for i in listed(level, 'offered'):
        answer_time(i, False)
    plan(max(steps[level]['points'], now[0]), 'points', level)


def points(level):
    before = set(listed(level, 'offered'))
    step(level, 'points')
    for i in set(listed(level, 'offered')) - before:
        answer_time(i, False)
    plan(max(steps[level]['overflow'], now[0]), 'overflow', level)


def overflow(level):
    before = set(listed(level, 'offered'))
    step(level, 'overflow')
    for i in set(listed(level, 'offered')) - before:
        answer_time(i, False)
    plan(max(steps[level]['lock'], now[0]), 'lock', level)


def lock(level):
    step(level, 'lock')
    plan(max(steps[level]['classes'], now[0]), 'classes', level)


def classes(level):
    step(level, 'lock')
    draw(level, 'classes')
    for i in listed(level, 'in_class'):
        plan(moment(windows[level]['report'], families[i]['reports']), 'report', i)
    plan(at(windows[level]['report']['until']) + datetime.timedelta(seconds=1), 'absent', level)


def act(what, *a):
    if what == 'register':
        register(a[0], 'submit')
    elif what in ('on-site', 'late'):
        register(a[0], what)
    elif what == 'choose' and a[0] in code_of:
        family_call(a[0], f'/v1/registrations/{code_of[a[0]]}/choose', {'school': families[a[0]]['choice']})
    elif what == 'accept':
        family_call(a[0], f'/v1/registrations/{code_of[a[0]]}/accept', {})
    elif what == 'take':
        i = a[0]
        if family_call(i, f'/v1/registrations/{code_of[i]}/confirm', {}) is None:
            family_call(i, f'/v1/registrations/{code_of[i]}/payment', {'receipt': f'bank receipt {i}'})
    elif what == 'report':
        i = a[0]
        out = service.ok('GET', f'/v1/registrations/{code_of[i]}?case=rehearsal', token=f'district-{children[i]["district"].lower()}-1')
        service.ok('POST', f'/v1/registrations/{code_of[i]}/report', {}, token='clerk')
        counts['report'] += 1
    elif what == 'absent':
        plan(max(steps[a[0]]['trace'], now[0]), 'trace', a[0])
    elif what == 'trace':
        step(a[0], 'absent')
        plan(max(steps[a[0]]['close'], now[0]), 'close', a[0])
    elif what == 'close':
        step(a[0], 'close')
    else:
        {'draws': private_draws, 'settle': settle, 'zones': zones, 'points': points, 'overflow': overflow, 'lock': lock, 'classes': classes}[what](*a)


for i, (c, f) in enumerate(zip(children, families)):
    if c['stage'] not in levels:
        continue
    w = windows[c['stage']]
    plan(moment(w['online'], f['registers']), 'register', i)
    plan(moment(w['on_site'], f['on_site']), 'on-site', i)
    plan(moment(w['late'], f['late']), 'late', i)
    if f['choice']:
        t = moment(w['private_choice'], f['chooses'])
        r = moment(w['online'], f['registers'])
        plan(max(t, r + datetime.timedelta(minutes=1)) if t and r else t, 'choose', i)
for level in levels:
    plan(steps[level]['draw'], 'draws', level)
while queue:
    t, _, what, a = heapq.heappop(queue)
    clock(t)
    act(what, *a)

# ---- What must hold at the end.
seats, stages, seen = collections.Counter(), collections.Counter(), set()
for d in districts:
    after = ''
    while True:
        page = service.ok('GET', f'/v1/registrations?district={d}&limit=200' + (f'&after={after}' if after else ''), token=f'district-{d.lower()}-1')
        for r in page['registrations']:
            stages[r['level'], r['stage']] += 1
            if r['code'] in seen:
                sys.exit('a code came twice')
            seen.add(r['code'])
            if r.get('seat'):
                seats[r['level'], r['seat']] += 1
        after = page.get('next')
        if not after:
            break
unsettled = {k: n for k, n in stages.items() if k[1] not in ('enrolled', 'dropout_ledger', 'deferred', 'withdrawn', 'draft', 'no_show')}
if unsettled:
    sys.exit(f'not settled: {unsettled}')
for level in levels:
    for row in service.ok('GET', f'/v1/seats/{level}', token='city-1')['seats']:
        if row['taken'] != seats[level, row['school']] or row['free'] < 0:
            sys.exit(f'seats of {row["school"]}: {row} but {seats[level, row["school"]]} children')
draws = service.ok('GET', '/v1/draws')['draws']
for d in draws:
    folder = os.path.join(work, 'draws', d['id'])
    os.makedirs(folder, exist_ok=True)
    for name in service.ok('GET', f'/v1/draws/{d["id"]}')['files']:
        open(os.path.join(folder, name), 'w', newline='').write(service.ok('GET', f'/v1/draws/{d["id"]}/files/{name}'))
    run(catchment, 'draw', 'verify', folder)
    run(sys.executable, os.path.join(here, '..', '..', 'viewer', 'verify', 'verify.py'), folder)
size = service.ok('GET', '/v1/journal', token='auditor')
digest, number = b'\0' * 32, 1
while number <= size['size']:
    for line in service.ok('GET', f'/v1/journal?from={number}', token='auditor')['lines']:
        digest = hashlib.sha256(digest + line['line'].encode()).digest()
        if digest.hex() != line['hash'] or re.search(r'合成|0000\d{12}', line['line']):
            sys.exit(f'journal line {number}')
        number += 1
if digest.hex() != size['hash']:
    sys.exit('the journal does not end where it says')
audits = service.ok('GET', '/v1/audits', token='auditor')['audits']
for a in audits:  # a window that the pack leaves open is the season's own, and no audit's
    a['breaches'] = [b for b in a['breaches'] if a['audit'] != 'windows' or ', on_site:' not in b['message']]
broken = [a for a in audits if a['breaches'] and a['verdict'] == 'broken' and a['audit'] in ('second_seat', 'plan_exceeded', 'windows', 'one_choice', 'cross_area')]
if broken:
    sys.exit(f'audits: {json.dumps(broken, ensure_ascii=False)[:2000]}')
snapshot = lambda: json.dumps([service.ok('GET', f'/v1/seasons/{l}')['stages'] for l in sorted(levels)] + [service.ok('GET', f'/v1/seats/{l}', token='city-1') for l in sorted(levels)])
before = snapshot()
service.stop()
print(run(catchmentd, 'verify', store).strip())
service = Service(now[0].isoformat())
if snapshot() != before:
    sys.exit('the season is another one after a restart')
service.stop()
print(f'{len(code_of)} of {len(children)} children registered; {sum(seats.values())} seats; {len(draws)} draws verified in two programs; {size["size"]} journal lines')
print('audits:', dict(collections.Counter(a['verdict'] for a in audits)), 'broken:', [(a['audit'], len(a['breaches'])) for a in audits if a['verdict'] == 'broken'])
print('done:', dict(counts))
print('refused:', dict(refused))
print('stages:', {f'{l} {s}': n for (l, s), n in sorted(stages.items())})

#!/usr/bin/env python3
"""A whole made-up season through the service's REST interface alone.

  season.py --build build/release --pack datasets/policy/packs/guiyang-2024.json --children 400 [--store URL] [--keep FOLDER]

Families register, mend, choose, confirm, accept, move and report at the times that the made-up season gives them, each
signed in by a code sent to its phone; clerks and officers do the rest, two of them where two are asked for. The clock is
a rehearsal's. What must hold at the end:
- every child that may enter has exactly one seat; audits that can judge a season as it stands are kept;
- private choices, won and lost draws, confirmations, forfeits, seats passed on, losers in the public pool, overflow,
  classes, head teachers where the pack draws them, twins drawn together: each occurred;
- every draw verifies in the C++ and in the Python verifier, and the journal's chain holds;
- `catchment season run` on the same folder, with the rolls and ceremonies that were published, gives every child the same
  seat for the same reason and every draw the same bytes;
- the season's state is the same text, byte for byte, after a restart, and from a backup restored into another store.
Prints counts. Nobody in it is real.
"""
import argparse, collections, csv, hashlib, heapq, json, os, re, shutil, sys, tempfile, datetime

from made_season import SECOND, acts_of, at, ceremony, heads, in_window, office, phone_of, record, rows, share_of, write_with_codes, yes
from season_service import Service, account, listed_json, run
import season_end

ap = argparse.ArgumentParser()
for name in ('--build', '--pack', '--store', '--keep'):
    ap.add_argument(name)
ap.add_argument('--children', type=int, default=400)
ap.add_argument('--seed', type=int, default=1)
ap.add_argument('--whole', action='store_true', help='fail where something a season has never occurred')
args = ap.parse_args()
work = args.keep or tempfile.mkdtemp(prefix='catchment-season-')
os.makedirs(work, exist_ok=True)
catchment, catchmentd = (os.path.join(args.build, 'server', p) for p in ('catchment', 'catchmentd'))
store = args.store or 'sqlite:' + os.path.join(work, 'season.db')
keys, world, setup, city = (os.path.join(work, n) for n in ('keys', 'world', 'setup', 'city.gpkg'))

run(catchment, 'synth', 'season', world, '--children', str(args.children), '--policy', args.pack, '--seed', str(args.seed))
children, families, schools = rows(world, 'children.csv'), rows(world, 'families.csv'), rows(world, 'schools.csv')
by_family = {f['family']: f for f in families}
for f in families:  # who shares a dwelling lives at the same place
    owner = by_family.get(f['dwelling'], f)
    f['x_m'], f['y_m'] = owner['x_m'], owner['y_m']
for f in [f for f in families if f['choice']][::4]:  # codes are random and so are winners; enough of them let a seat go by
    f['answers_private'] = ''
with open(os.path.join(world, 'families.csv'), 'w', encoding='utf-8', newline='') as file:
    table = csv.DictWriter(file, families[0].keys(), lineterminator='\n')
    table.writeheader(), table.writerows(families)
os.makedirs(setup, exist_ok=True)
for name in ('season.csv', 'schools.csv', 'zones.csv', 'sites.csv'):
    shutil.copy(os.path.join(world, name), setup)
run(catchment, 'synth', city, '--seed', '1', '--schools', '4', '--children', '300')

# Accounts: two officers of every district, two of the city, a clerk of all schools, an auditor, an operator.
districts = sorted({s['district'] for s in schools})
tokens, where = {}, (catchmentd, store, keys, os.path.join(work, 'password'))
for d in districts:
    for n in '12':
        tokens[f'{d}-{n}'] = account(where, f'district-{d.lower()}-{n}', 'district', '--district', d)
for n in '12':
    tokens[f'city-{n}'] = account(where, f'city-{n}', 'city')
tokens['auditor'], tokens['operator'] = account(where, 'auditor', 'auditor'), account(where, 'operator', 'operator')
tokens['clerk'] = account(where, 'clerk', 'school', *(word for s in schools for word in ('--school', s['school_id'])))


def start(of_store, clock):
    return Service([catchmentd, '--package', city, '--port', '0', '--store', of_store, '--keys', keys, '--policy', args.pack, '--season', setup,
                    '--texts', os.path.join(work, 'texts'), '--rehearsal', '--clock', clock], tokens, os.path.join(work, 'texts'))


service = start(store, '2024-03-01T08:00:00')
calendar = {level['level']: level for level in service.ok('GET', '/v1/calendar')['levels']}
windows = {l: {w['window']: w for w in calendar[l]['windows']} for l in calendar}
steps = {l: {k: at(v) for k, v in calendar[l]['steps'].items()} for l in calendar}
evidence = [e['id'] for e in service.ok('GET', '/v1/policy')['evidence']]
code_of, handed_in, mended, sibling, refused, counts = {}, [], set(), {}, collections.Counter(), collections.Counter()
twin = collections.defaultdict(list)
for i, f in enumerate(families):
    twin[f['unit']].append(i)
district_of = {s['school_id']: s['district'] for s in schools}
private = {s['school_id'] for s in schools if s['ownership'] == 'private'}
draws_heads = any(rules.get('random_head_teachers') for rules in json.load(open(args.pack, encoding='utf-8')).get('class_rules', []))
now, queue, serial = [None], [], [0]


def plan(t, what, *a):
    serial[0] += 1
    heapq.heappush(queue, (t, serial[0], what, a))


def clock(t):
    if now[0] is None or t > now[0]:
        answer, body = service.call('PUT', '/v1/clock', {'now': t.isoformat()}, who='operator')
        if answer.status >= 300 and body['code'] != 'clock_backwards':  # it goes on by itself
            sys.exit(f'the clock: {body}')
        now[0] = t


def officer(i, n=1):
    return f'{children[i]["district"]}-{n}'


def post(i, act, body=None, who=None, case=False):
    """An act on a child's registration, by its family unless somebody else is named; nothing if the season refuses it."""
    path = f'/v1/registrations/{code_of[i]}/{act}' + ('?case=rehearsal' if case else '')
    answer, out = service.call('POST', path, body or {}, who=who or service.family(phone_of(families[i])))
    if answer.status < 300:
        counts[act] += answer.status != 202
        return out
    if answer.status >= 500:
        sys.exit(f'{path}: {answer.status} {out}')
    refused[f'{act}: {out["code"]}'] += 1
    return None


def look(i):
    return service.ok('GET', f'/v1/registrations/{code_of[i]}?case=rehearsal', who=officer(i))


def typed(i):
    return record(i, children[i], families[i], evidence, code_of[sibling[i]] if sibling[i] != i else None)


def verify(i):
    c, f = children[i], families[i]
    out = None
    if not (yes(f['mistaken']) and i not in mended):
        out = post(i, 'verify', office(c, f), officer(i), case=True)
        if out is None and f['claim'] in private:  # the pack knows no such claim
            out = post(i, 'verify', office(c, f, claim=False), officer(i), case=True)
    if out is None and post(i, 'reject', None, officer(i), case=True) is None:
        sys.exit(f'{code_of[i]} is neither verified nor rejected')


def register(i, kind):
    session = service.family(phone_of(families[i]))
    if i not in code_of:
        f = families[i]
        sibling[i] = next((j for j in twin[f['unit']] if j in handed_in), i)
        code_of[i] = service.ok('POST', '/v1/registrations', typed(i), who=session)['code']
    if kind != 'submit':
        mended.add(i)
    if post(i, kind, None, None if kind == 'submit' else officer(i), case=kind == 'late') is None:
        return
    if i not in handed_in:
        handed_in.append(i)
    verify(i)


def amend(i):
    if i not in code_of or look(i)['stage'] != 'rejected':
        return
    f = families[i]
    mended.add(i)
    answer, out = service.call('PUT', f'/v1/registrations/{code_of[i]}', typed(i), who=service.family(phone_of(f)), if_match='*')
    counts['amend'] += answer.status == 200
    if answer.status == 200:
        verify(i)


def two(i, act, body, one, other):
    """One officer asks, another does it."""
    return post(i, act, body, one, case=True) and post(i, act, body, other, case=True)


def leave(i, act):
    seat = look(i).get('seat')
    if not seat:
        return
    d = district_of[seat]
    if act == 'move':
        if two(i, 'release', None, f'{d}-1', f'{d}-2'):
            post(i, 'withdraw')
    else:
        to = families[i]['transfers_to']
        two(i, 'transfer', {'school': to}, f'{d}-1', f'{district_of[to]}-2')


def answer_time(row, i):
    """When the family answers the seat it was just given, which may be too late."""
    won = row['stage'] == 'drawn'
    share = families[i]['answers_private' if won else 'answers_public']
    if share in ('', '-1'):
        return
    window = windows[row['level']]['confirm' if won else 'accept']
    begin = max(now[0], at(window['from']))
    plan(share_of(begin, at(row['answer_by']), share), 'take' if won else 'accept', i)


def take_seat(i):
    if post(i, 'confirm') is None:
        post(i, 'payment', {'receipt': f'bank receipt {i}'})


def step(level, name):
    service.ok('POST', f'/v1/seasons/{level}/steps', {'step': name}, who='city-1')
    counts['step ' + name] += 1


def listed(level, stage=None):
    by_code = {code: i for i, code in code_of.items()}
    pages = (listed_json(service, d, stage) for d in districts)
    return {by_code[r['code']]: r for page in pages for r in page if r['level'] == level}


def draw(level, kind, school=None, **more):
    """Roll, dice typed in by one officer, concluded by two."""
    body = {'level': level, 'kind': kind, **more}
    if school:
        body['school'] = school
    made = service.ok('POST', '/v1/draws', body, who='city-1')['draws']
    of = {'classes': 'classes', 'heads': 'heads'}.get(kind, 'seats')
    for d in made:
        where = f'/v1/draws/{d["id"]}'
        service.ok('POST', where + '/ceremony', ceremony(1, of), who='city-1')
        for status, who in ((202, 'city-1'), (403, 'city-1'), (200, 'city-2')):
            answer, out = service.call('POST', where + '/finalise', {}, who=who)
            if answer.status != status:
                sys.exit(f'two persons conclude a draw: {answer.status} {out}')
        counts['draw ' + kind] += 1
    return made


def give(level, name, stage):
    """A step that gives seats to children, who will answer."""
    before = set(listed(level, stage))
    step(level, name)
    for i, row in listed(level, stage).items():
        if i not in before:
            answer_time(row, i)


def private_draws(level):
    step(level, 'private')
    chosen = collections.Counter(row['choice'] for row in listed(level, 'private_choice').values())
    for school in sorted(chosen):
        draw(level, 'private', school)
    rows_ = listed(level, 'drawn')
    counts['won'] += len(rows_)
    for i, row in rows_.items():
        answer_time(row, i)
    await_private(level, rows_)


def await_private(level, rows_):
    last = max([at(row['answer_by']) for row in rows_.values()], default=now[0])
    plan(max(last, now[0]) + SECOND, 'settle', level)


def settle(level):
    step(level, 'forfeit')
    give(level, 'promote', 'drawn')
    again = listed(level, 'drawn')
    if again:
        return await_private(level, again)
    step(level, 'end_lines')
    counts['lost'] += len(listed(level, 'lost'))
    plan(max(steps[level]['zones'], now[0]), 'zones', level)


def zones(level):
    step(level, 'pool')
    draw(level, 'lots')
    give(level, 'zones', 'offered')
    for name in ('points', 'overflow', 'lock', 'classes'):
        plan(max(steps[level][name], now[0]), name, level)


def classes(level):
    step(level, 'lock')
    for d in draw(level, 'classes'):
        dealt = service.ok('GET', f'/v1/classes/{level}/{d["school"]}', who='auditor')['pupils']
        if draws_heads:
            draw(level, 'heads', d['school'], heads=heads(d['school'], max(p['class'] for p in dealt)))
    plan(at(windows[level]['report']['until']) + SECOND, 'absent', level)


bureau = {'claims': lambda level: step(level, 'claims'), 'draws': private_draws, 'settle': settle, 'zones': zones, 'points': lambda level: give(level, 'points', 'offered'),
          'overflow': lambda level: give(level, 'overflow', 'offered'), 'lock': lambda level: step(level, 'lock'), 'classes': classes,
          'absent': lambda level: plan(max(steps[level]['trace'], now[0]), 'trace', level), 'trace': lambda level: step(level, 'absent'),
          'close': lambda level: step(level, 'close')}


def act(what, i):
    known = i in code_of
    if what in bureau:
        bureau[what](i)
    elif what in ('register', 'on-site', 'late'):
        register(i, 'submit' if what == 'register' else what)
    elif what == 'amend':
        amend(i)
    elif not known:
        return
    elif what == 'choose':
        post(i, 'choose', {'school': families[i]['choice']})
    elif what == 'accept':
        post(i, 'accept')
    elif what == 'take':
        take_seat(i)
    elif what in ('move', 'transfer'):
        leave(i, what)
    elif what in ('report', 'return'):
        post(i, what, None, officer(i) if what == 'return' else 'clerk')


for i, (c, f) in enumerate(zip(children, families)):
    if c['stage'] in calendar:
        for t, what in acts_of(f, windows[c['stage']], steps[c['stage']]):
            plan(t, what, i)
for level in calendar:
    for name, what in (('claims', 'claims'), ('draw', 'draws'), ('close', 'close')):
        plan(steps[level][name] + (datetime.timedelta(0) if name != 'close' else SECOND), what, level)
while queue:
    t, _, what, a = heapq.heappop(queue)
    clock(t)
    act(what, *a)

season_end.hold(dict(service=service, levels=sorted(calendar), districts=districts, work=work, world=world, pack=args.pack, catchment=catchment,
                     catchmentd=catchmentd, store=store, start=start, now=now[0], codes=code_of, handed_in=handed_in, sibling=sibling, counts=counts, refused=refused,
                     children=children, draws_heads=draws_heads, write_with_codes=write_with_codes, whole=args.whole))
if not args.keep:
    shutil.rmtree(work)

#!/usr/bin/env python3
"""Role x endpoint x district x state: every cell of it asked of a running service, and held to roles.tsv.

  roles.py --build build/release --pack datasets/policy/packs/guiyang-2024.json [--probes 2000] [--record FILE]

Operations come from openapi.json, so that a new one fails until roles.tsv knows it. A registration is asked for as one's
own, as the other side's and as one that is not there; the last two must be told apart by nothing, status and body. Then
random requests by everybody for the other side's records: none may be answered by a byte of them. At last the marked names
of all of them are looked for wherever the service writes (canary.py), and its key is destroyed.
Registrations are brought through a season to every state, fresh ones for every act that succeeds.
"""
import hashlib, random, shutil, sys

import canary
from doors import *
from rehearsal import LEVEL, MARK
from role_bodies import try_malformed
from role_imports import try_imports
from role_plans import try_jobs, try_outlook, try_plans


# ---- Registrations in every state.
def act(child, name, who, body=None):
    return service.ok('POST', f'/v1/registrations/{child.code}/{name}?case=preparing', body, who=who)


def draft(side):
    record = world.record(side, evidence)
    return Child(side, record, service.ok('POST', '/v1/registrations', record, who=side.clerk)['code'])


def verified(side, office):
    child = draft(side)
    act(child, 'submit', side.clerk)
    act(child, 'verify', side.officers[0], {'office': office})
    return child


def prepare(side, state):
    if state in ('draft', 'late_draft'):
        return draft(side)
    if state in ('registered', 'rejected', 'late_rejected'):
        child = draft(side)
        act(child, 'submit', side.clerk)
        if state != 'registered':
            act(child, 'reject', side.officers[0])
        return child
    claim = {'claim': {'school_id': side.school, 'way': 'policy'}}
    child = verified(side, {'granted': True, **(claim if state in ('locked', 'in_class') else {})})
    if state == 'withdrawn':
        act(child, 'withdraw', side.officers[0])
    if state in ('chosen', 'drawn'):
        act(child, 'choose', sessions[side.number], {'school': side.private})
    return child


def acts_that_succeed(state):
    """How many children the cells of a state use up."""
    return sum(table.verdict(role, name, True, state) is None and table.answer(name, state) in (200, 204) and operations[name][0] != 'GET'
               for role in ROLES for name in of_registration)


STATES = ONLINE + ('locked', 'drawn', 'late_draft', 'late_rejected', 'pooled', 'offered', 'in_class')


clause = policy['documents'][0]['clauses'][0]['id']


def request(name, child, code, staff_case=True):
    method, path, _ = operations[name]
    side = child.side
    body = {'changeRegistration': child.record, 'verify': {}, 'choose': {'school': side.private}, 'recordPayment': {'receipt': 'synthetic 1'},
            'transferSeat': {'school': side.other}, 'placeByHand': {'school': side.other, 'clause': clause}}.get(name)
    headers = {'If-Match': '*'} if name in ('changeRegistration', 'discardRegistration') else None
    return method, path.replace('{code}', code) + ('?case=matrix' if staff_case else ''), body, headers


def ask(name, who, child, code=None, case=True):
    method, path, body, headers = request(name, child, code or child.code, case)
    return service.call(method, path, body, who=who, headers=headers)


def ask_what_staff_need(role, name, state, child):
    """What is missing is asked for, and nothing is done."""
    if role in ('anonymous', 'guardian'):
        return
    if name in table.needs['factor']:
        expect(f'{role} {name} {state} without second factor', ask(name, logged_in[role], child), 403)
    if name in table.needs['case']:
        expect(f'{role} {name} {state} without case', ask(name, actors[role], child, case=False), 403)


def ask_two(cell, name, child, status):
    """One asks, the same again is refused, another does it; what may not be is not even asked for."""
    if status != 200:
        expect(cell + ' first person', ask(name, ours.officers[0], child), status)
        return
    if name == 'transferSeat':  # until the child's own district asks, to another's officer there is no such child
        told = [ask(name, theirs.officers[0], child, code) for code in (child.code, ABSENT)]
        expect(cell + ' first person of another district', told[0], 404)
        if told[0].body != told[1].body:
            failures.append(f'{cell}: another district is told that there is one')
    expect(cell + ' first person', ask(name, ours.officers[0], child), 202)
    expect(cell + ' same person', ask(name, ours.officers[0], child), 403)
    expect(cell + ' second person', ask(name, ours.officers[1], child), status)


def look(child):
    seen = service.ok('GET', f'/v1/registrations/{child.code}?case=looking', who=child.side.officers[0])
    return seen['stage'], seen['version'], seen.get('seat')


def try_state(state):
    stock = [c for c in children[state] if c.side is ours]
    mine, other = stock.pop(), next(c for c in children[state] if c.side is theirs)
    before = look(mine), look(other)
    may = []
    for role in ROLES:
        for name in of_registration:
            cell = f'{role} {name} {state}'
            status = table.verdict(role, name, True, state)
            if status is None:
                may.append((cell, role, name))
            else:
                expect(cell + ' own', ask(name, actors[role], mine), status)
            status = table.verdict(role, name, False, state)
            foreign, absent = ask(name, actors[role], other), ask(name, actors[role], other, ABSENT)
            if status is None:
                expect(cell + ' foreign', foreign, table.answer(name, state)), expect(cell + ' absent', absent, 404)
            else:
                expect(cell + ' foreign', foreign, status)
                if (foreign.status, foreign.body) != (absent.status, absent.body):
                    failures.append(f'{cell}: a foreign one is told from none: {foreign.body} {absent.body}')
    for cell, role, name in may:
        ask_what_staff_need(role, name, state, mine)
    if (look(mine), look(other)) != before:
        failures.append(f'{state}: what was denied was done')
    for cell, role, name in may:
        status = table.answer(name, state)
        child = stock.pop() if status in (200, 204) and operations[name][0] != 'GET' else mine
        if name in table.needs['two']:
            ask_two(cell, name, child, status)
        else:
            expect(cell + ' own', ask(name, actors[role], child), status)
    cells['states'] += 1


def try_public():
    for name, (method, path, operation) in operations.items():
        anybody = ('any', None) in table.may.get(('anonymous', name), [])
        if not anybody or method != 'GET' or operation['tags'][0] in ('zones', 'addresses', 'schools', 'tiles', 'draws', 'journal'):
            continue
        for role in ROLES:
            expect(f'{role} {name}', service.call('GET', path.replace('{level}', LEVEL), who=actors[role]), {'beginOidc': 303, 'endOidc': 403}.get(name, 200))
    for role in ROLES:
        expect(f'{role} judge', service.call('POST', '/v1/eligibility', world.record(ours, evidence), who=actors[role]), 200)
        expect(f'{role} proveEntry', service.call('GET', '/v1/journal/1/proof', who=actors[role]), 200)
        expect(f'{role} signIn', service.call('POST', '/v1/sessions', {'name': 'nobody-' + role, 'password': 'wrong'}, who=actors[role]), 401)


def try_accounts():
    new = {'name': 'another-1', 'role': 'auditor', 'password': 'another password for a rehearsal'}
    for role in ROLES:  # one name each: a proposal of two roles would be two persons
        try_operation('createAccount', own=('/v1/accounts', {**new, 'name': 'another-' + role}), only=(role,))
        try_operation('changeAccount', own=('/v1/accounts/1', {'name': 'another-' + role, 'role': 'auditor'}), absent=('/v1/accounts/99999', {'name': 'another-' + role, 'role': 'auditor'}), only=(role,))
        try_operation('linkIdentity', own=('/v1/accounts/1/identity', {'subject': 'person-' + role}), absent=('/v1/accounts/99999/identity', {'subject': 'person-' + role}), only=(role,))
        if table.verdict(role, 'changeAccount', True) == 403:
            there, none = (service.call('PUT', f'/v1/accounts/{n}', {'name': 'another', 'role': 'auditor'}, who=actors[role]) for n in (1, 99999))
            if there.body != none.body:
                failures.append(f'{role} changeAccount: says whether there is one')
    expect('operator createAccount same person', service.call('POST', '/v1/accounts', {**new, 'name': 'another-operator'}, who='operator'), 403)
    expect('operator createAccount second person', service.call('POST', '/v1/accounts', {**new, 'name': 'another-operator'}, who='operator-2'), 201)


def try_sessions():
    for role in ROLES:
        told = service.call('GET', '/v1/sessions/current', who=actors[role])
        expect(f'{role} getSession', told, table.verdict(role, 'getSession', True) or 200)
        if role in ('school', 'district', 'city', 'auditor', 'operator'):
            extra = logged_in[role]
            if role != 'operator':
                expect(f'{role} beginSecondFactor', service.call('POST', '/v1/accounts/own/second-factor', who=extra), 201)
                expect(f'{role} confirmSecondFactor', service.call('PUT', '/v1/accounts/own/second-factor', {'code': 'wrong'}, who=extra), 422)
        else:
            for name, method, body in (('beginSecondFactor', 'POST', None), ('confirmSecondFactor', 'PUT', {'code': 'wrong'})):
                expect(f'{role} {name}', service.call(method, '/v1/accounts/own/second-factor', body, who=actors[role]), table.verdict(role, name, True))
    forged = {**sessions[1], 'csrf': 'wrong'}
    expect('cookie without its token', service.call('POST', '/v1/registrations', world.record(ours, evidence), who=forged), 403)
    gone = service.sign_in(ours.phone)
    expect('guardian signOut', service.call('DELETE', '/v1/sessions/current', who=gone), 204)
    expect('after signOut', service.call('GET', '/v1/sessions/current', who=gone), 401)
    expect('anonymous signOut', service.call('DELETE', '/v1/sessions/current'), 401)
    service.set_clock(opens[:8] + f'{int(opens[8:10]) + 1:02d}T10:12')  # a phone is sent two codes, then one in ten minutes
    sessions[1] = actors['guardian'] = service.sign_in(ours.phone)


def try_lists():
    for role, query in (('anonymous', ''), ('guardian', ''), ('school', f'school={ours.school}'), ('district', f'district={ours.district}'), ('city', ''), ('auditor', ''), ('operator', '')):
        foreign = {'school': f'school={theirs.school}', 'district': f'district={theirs.district}'}.get(role)
        absent = {'school': 'school=none', 'district': 'district=none'}.get(role)
        where = lambda q: None if q is None else ('/v1/registrations?case=matrix' + (q and '&' + q), None)
        try_operation('listRegistrations', where(query), where(foreign), where(absent), only=(role,))
    for role in ROLES:
        told = service.call('GET', f'/v1/seats/{LEVEL}', who=actors[role])
        status = table.verdict(role, 'getSeats', True)
        expect(f'{role} getSeats', told, (404 if status == 409 else status) or 200)
        if told.status == 200 and role in ('school', 'district'):
            rows = told.json()['seats']
            strange = [r for r in rows if (r['district'] != ours.district if role == 'district' else r['school'] not in (ours.school, ours.private))]
            if strange or not rows:
                failures.append(f'{role} getSeats: {strange}')
    try_operation('getJournal', own=('/v1/journal', None)), try_operation('runAudits', own=('/v1/audits', None))
    try_operation('listAccounts', own=('/v1/accounts', None))
    for role in ROLES:
        status = table.verdict(role, 'createRegistration', True)
        record = world.record(ours, evidence)
        expect(f'{role} createRegistration', service.call('POST', '/v1/registrations', record, who=actors[role]), status or 201)
        if role == 'school':
            record = world.record(ours, evidence)
            record['office'] = {'claim': {'school_id': ours.school, 'way': 'placement'}}
            expect('school createRegistration with what offices find', service.call('POST', '/v1/registrations', record, who=actors[role]), 400)


def try_tables():
    """Ledgers, exports and the state: of one's own school or district, codes of the other side nowhere."""
    query = {'school': f'school={ours.school}', 'district': f'district={ours.district}'}
    foreign = {'school': f'school={theirs.school}', 'district': f'district={theirs.district}'}
    absent = {'school': 'school=none', 'district': 'district=none'}
    for role in ROLES:
        where = lambda path, q: None if q is None else (f'{path}?case=matrix' + (q and '&' + q), None)
        for kind in ('school-age', 'suspected', 'dropout', 'groups', 'exceptions'):
            of = lambda queries, default=None: where(f'/v1/ledgers/{kind}', queries.get(role, default))
            try_operation('getLedger', of(query, ''), of(foreign), of(absent), only=(role,))
        file = 'admissions.csv' if role == 'school' else 'children.csv' if role == 'district' else 'zones.csv'
        for name, path in (('listExports', '/v1/exports'), ('getExport', f'/v1/exports/{file}')):
            try_operation(name, where(path, query.get(role, '')), where(path, foreign.get(role)), where(path, absent.get(role)), only=(role,))
        try_operation('getSeasonState', (f'/v1/seasons/{LEVEL}/state', None), only=(role,))
    for role, q in query.items():
        expect(f'{role} getLedger without a case', service.call('GET', f'/v1/ledgers/school-age?{q}', who=actors[role]), 403)
    lines = service.ok('GET', f'/v1/ledgers/school-age?case=matrix&{query["district"]}', who=actors['district'])['lines']
    told = service.call('GET', f'/v1/exports/children.csv?{query["district"]}', who=actors['district']).body.decode().split('\n')
    if not lines or {l['code'] for l in lines} != {row.split(',')[0] for row in told[1:-1]}:
        failures.append(f'ledger and export of the district tell of other children: {len(lines)} {len(told)}')
    mine = next(c for c in children['in_class'] if c.side is ours)
    openers = service.ok('GET', f'/v1/registrations/{mine.code}/openers', who=actors['guardian'])['openers']
    for action in ('registration.create', 'registration.verify', 'registration.read', 'ledger.read'):
        if not any(o['action'] == action for o in openers):
            failures.append(f'the family does not see {action}: {openers}')
    expect('an unknown stage', service.call('GET', f'/v1/registrations?{query["district"]}&stage=none', who=actors['district']), 400)
    expect('a long case', service.call('GET', f'/v1/registrations/{mine.code}?case=' + 'x' * 101, who=actors['district']), 400)


def try_siblings():
    """A sibling is of one's own family: another's code is told from none by nothing."""
    other = next(c for c in children['registered'] if c.side is theirs)
    told = []
    for code in (other.code, ABSENT):
        child = draft(ours)
        service.call('PUT', f'/v1/registrations/{child.code}', {**child.record, 'sibling': code}, who=actors['guardian'], headers={'If-Match': '*'})
        told.append(service.call('POST', f'/v1/registrations/{child.code}/submit', who=actors['guardian']))
        expect('a sibling of another family', told[-1], 422)
    if told[0].body != told[1].body:
        failures.append(f'a sibling says that it is there: {told[0].body} {told[1].body}')


def try_expiry():
    """What one person asked for stands a day, then somebody is the first again."""
    child = next(c for c in children['in_class'] if c.side is ours and look(c)[0] == 'in_class')
    where = f'/v1/registrations/{child.code}/release?case=matrix'
    expect('a first person', service.call('POST', where, who=ours.officers[0]), 202)
    told = service.call('POST', where, who=ours.officers[0])
    expect('the same person', told, 403)
    phase(windows['report']['until'], 'T23:59')
    expect('the same person, days later', service.call('POST', where, who=ours.officers[0]), 202)


def come_back():
    """Who did not come is traced, and comes back."""
    child = next(c for c in children['in_class'] if c.side is ours and look(c)[0] == 'in_class')
    phase(calendar['steps']['trace'])
    take('absent')
    expect('recordReturn', service.call('POST', f'/v1/registrations/{child.code}/return', who=ours.clerk), 200)


def try_seats_above_plan():
    extra = lambda school: (f'/v1/seats/{LEVEL}/{school}/extra', {'seats': 1})
    try_operation('approveExtraSeats', extra(ours.school), extra(theirs.school), extra('none'))


def try_steps(step):
    for role in ROLES:  # a level's steps are no district's own
        if role != 'city':
            expect(f'{role} takeStep', service.call('POST', f'/v1/seasons/{LEVEL}/steps', {'step': step}, who=actors[role]), table.verdict(role, 'takeStep', False))
    expect('city takeStep without second factor', service.call('POST', f'/v1/seasons/{LEVEL}/steps', {'step': step}, who=logged_in['city']), 403)
    take(step)


def take(step):
    service.ok('POST', f'/v1/seasons/{LEVEL}/steps', {'step': step}, who='city-1')


def dice_of(draw):
    number = lambda role: f'{int(hashlib.sha256((draw + role).encode()).hexdigest(), 16) % 10000:04d}'
    secret = lambda who: hashlib.sha256((draw + who).encode()).hexdigest()
    return {'dice': {f'synthetic-{n}': number(str(n)) for n in range(1, 7)}, 'notary': secret('notary'), 'bureau': secret('bureau')}


def hold_draws(kind):
    """Freezes, types and concludes; on the way everybody else tries to."""
    body = {'level': LEVEL, 'kind': kind, 'place': 'rehearsal hall'}
    for role in ROLES:
        if role != 'city':  # a roll of the level is the city's
            expect(f'{role} freezeRoll {kind}', service.call('POST', '/v1/draws', body, who=actors[role]), table.verdict(role, 'freezeRoll', False))
    draws = service.ok('POST', '/v1/draws', body, who='city-1')['draws']
    for draw in draws:
        where = f'/v1/draws/{draw["id"]}'
        own = draw['school'] == ours.school
        for name, end, sent in (('typeDice', '/ceremony', dice_of(draw['id'])), ('finaliseDraw', '/finalise', None)):
            if own or draw['school'] in ('', theirs.school):
                for role in ROLES:
                    status = table.verdict(role, name, own)
                    if status is not None:
                        expect(f'{role} {name} of {draw["school"] or "the level"}', service.call('POST', where + end, sent, who=actors[role]), status)
            if name == 'typeDice':
                if own:
                    expect('district typeDice of its own', service.call('POST', where + end, sent, who=actors['district']), 200)
                service.ok('POST', where + end, sent, who='city-1')
            else:
                one, two = (ours.officers if own else ('city-1', 'city-2'))
                expect(f'{one} finaliseDraw', service.call('POST', where + end, who=one), 202)
                expect(f'{one} finaliseDraw again', service.call('POST', where + end, who=one), 403)
                expect(f'{two} finaliseDraw', service.call('POST', where + end, who=two), 200)
    for role in ROLES:
        for path in ('/v1/draws', f'/v1/draws/{draws[0]["id"]}', f'/v1/draws/{draws[0]["id"]}/files/manifest.txt'):
            expect(f'{role} {path}', service.call('GET', path, who=actors[role]), 200)


def hold_heads():
    """Head teachers are drawn for the classes that were dealt: as many as classes, once."""
    asked = {'level': LEVEL, 'kind': 'heads', 'school': ours.school, 'heads': ['10PRA68S', 'YH3DNP24']}
    freeze = lambda **other: service.call('POST', '/v1/draws', {**asked, **other}, who=ours.officers[0])
    expect('one head for two classes', freeze(heads=['10PRA68S']), 422)
    expect('a head twice', freeze(heads=['10PRA68S', '10PRA68S']), 400)
    frozen = freeze()
    if not expect('district freezeRoll heads', frozen, 201):
        return
    where = f'/v1/draws/{frozen.json()["draws"][0]["id"]}'
    service.ok('POST', where + '/ceremony', dice_of(where), who=ours.officers[0])
    for who, status in ((ours.officers[0], 202), (ours.officers[1], 200)):
        expect(f'{who} finaliseDraw heads', service.call('POST', where + '/finalise', who=who), status)
    expect('heads a second time', freeze(), 409)
    expect('deal.tsv', service.call('GET', where + '/files/deal.tsv'), 200)


def try_private_rolls():
    roll = lambda school: ('/v1/draws', {'level': LEVEL, 'kind': 'private', 'school': school})
    try_operation('freezeRoll', roll(ours.private), roll(theirs.private), roll('none'), success=409)  # there are seats for all


def with_seat(state, seat):
    """Those of both sides whose seat is the one the cells want."""
    for c in children[state]:
        c.seat = look(c)[2]
    children[state] = [c for c in children[state] if c.seat == seat(c.side)]


# ---- 100,000 questions for what is another's.
def probe(count):
    random_ = random.Random(args.seed)
    foreign = [c for s in children.values() for c in s if c.side is theirs]
    marks = [m.encode() for c in foreign for m in (c.code, c.record['child']['name'], c.record['child']['document']['number'])] + [theirs.phone.encode(), MARK.encode()]
    absent = {}
    for _ in range(count):
        role, name = random_.choice(('anonymous', 'guardian', 'school', 'district')), random_.choice(of_registration)
        child = random_.choice(foreign)
        if (role, name) not in absent:
            told = ask(name, actors[role], child, ABSENT)
            absent[role, name] = told.status, told.body
        answer = ask(name, actors[role], child, case=random_.random() < 0.9)
        leaked = sum(m in answer.body for m in marks)
        cells['probes'] += 1
        if leaked or (answer.status, answer.body) != absent[role, name]:
            failures.append(f'probe {role} {name} {child.code}: {answer.status} {answer.body[:200]}')


# ---- The season.
phase(opens[:8] + f'{int(opens[8:10]) + 1:02d}T10:00')
for state in STATES:
    source = 'verified' if state in ('pooled', 'offered') else state
    children[state] = [prepare(ours, source) for _ in range(acts_that_succeed(state) + 1)] + [prepare(theirs, source)]
try_public(), try_sessions(), try_accounts(), try_lists(), try_seats_above_plan()
try_plans(), try_jobs(), try_outlook(), try_imports()
try_siblings()
for state in ONLINE:
    try_state(state)
try_steps('claims')
with_seat('locked', lambda side: side.school)
try_state('locked')
phase(windows['on_site']['from'], 'T10:00')
try_state('late_draft'), try_state('late_rejected')
phase(windows['confirm']['from'], 'T10:00')
try_private_rolls(), take('private')
with_seat('drawn', lambda side: side.private)
try_state('drawn')
phase(calendar['steps']['zones'])
take('forfeit'), take('promote'), take('end_lines'), take('pool')
try_state('pooled')
hold_draws('lots'), take('zones')
with_seat('offered', lambda side: side.school)
try_state('offered')
phase(calendar['steps']['lock'])
take('lock')
phase(calendar['steps']['classes'])
take('lock'), hold_draws('classes'), hold_heads()
phase(windows['report']['from'], 'T10:00')
classes = lambda school: (f'/v1/classes/{LEVEL}/{school}', None)
try_operation('getClasses', classes(ours.school), classes(theirs.school), classes('none'))
with_seat('in_class', lambda side: side.school)
try_state('in_class')
try_operation('setClock', ('/v1/clock?', {'now': windows['report']['from'][:11] + '11:00'}))
phase(windows['report']['from'], 'T12:00')
probe(args.probes)
try_tables()
try_malformed()
try_expiry(), come_back()
everybody = [c for s in children.values() for c in s]
canary.provoke(service, ours.clerk, world.record(ours, evidence), everybody[0].code)
marks, files = canary.look_everywhere(service, everybody, failures)
service.stop()
canary.purge(world, season, everybody, failures)
for failure in failures[:40]:
    print('FAILED', failure)
print(f'{cells["asked"]} cells in {cells["states"]} states, {cells["malformed"]} malformed and {cells["hostile"]} hostile bodies, {cells["probes"]} probes, {marks} marks looked for in {files} files, {len(failures)} failed')
if not failures:
    shutil.rmtree(world.work)
sys.exit(1 if failures else 0)

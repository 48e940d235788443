"""Bodies and parameters that the document refuses, from everybody who would be heard with a good one."""
import time

import malformed
from doors import actors, cells, children, document, evidence, expect, failures, operations, ours, service, world
from rehearsal import LEVEL
from role_plans import CHANGES


def try_malformed():
    record, hash_ = world.record(ours, evidence), '0' * 64
    notes = {'office': {'granted': True, 'deferred': False, 'needs': False, 'claim': {'school_id': ours.school, 'way': 'policy'}},
             'priority': {'hukou_since': '2020-01-01', 'property_since': '2020-01-01', 'permit_since': '2020-01-01', 'points': 1}}
    account = {'name': 'another-3', 'role': 'district', 'districts': ['D1'], 'schools': []}
    last = {c.code: c for c in children['in_class'] if c.side is ours}.popitem()[0]
    good = {
        'signIn': (None, {'name': 'nobody', 'password': 'wrong', 'code': '1'}), 'sendCode': (None, {'phone': ours.phone}),
        'enterCode': (None, {'phone': ours.phone, 'code': '123456'}), 'createAccount': ('operator', {**account, 'password': 'another password'}),
        'changeAccount': ('operator', {**account, 'disabled': False}), 'linkIdentity': ('operator', {'subject': 'person-1'}), 'confirmSecondFactor': (ours.clerk, {'code': '123456'}), 'judge': (None, record),
        'createRegistration': (actors['guardian'], record), 'changeRegistration': (ours.officers[0], {**record, **notes, 'sibling': last}),
        'verify': (ours.officers[0], notes), 'choose': (actors['guardian'], {'school': ours.private}), 'recordPayment': (actors['guardian'], {'receipt': 'r'}),
        'transferSeat': (ours.officers[0], {'school': ours.other}), 'placeByHand': (ours.officers[0], {'school': ours.other, 'clause': 'a clause'}), 'takeStep': ('city-1', {'step': 'lapse'}),
        'approveExtraSeats': (ours.officers[0], {'seats': 1}),
        'freezeRoll': ('city-1', {'level': LEVEL, 'kind': 'private', 'school': ours.private, 'heads': ['10PRA68S'], 'commitments': {'notary': hash_, 'bureau': hash_},
                                  'ceremony': '2024-07-05T09:00', 'place': 'hall'}),
        'typeDice': ('city-1', {'dice': {'synthetic-1': '1'}, 'notary': hash_, 'bureau': hash_}), 'setClock': ('operator', {'now': '2024-12-01T08:00'})}
    good |= {'createPlan': ('city-1', {'name': 'p', 'district': ours.district, 'scenario': CHANGES}), 'changePlan': ('city-1', {'name': 'p', 'scenario': CHANGES}),
             'evaluatePlan': ('city-1', {'years': 1}), 'tryChanges': ('city-1', {'changes': CHANGES}), 'startJob': ('city-1', {'kind': 'redraw', 'options': {'rounds': 1}})}
    draw = service.ok('GET', '/v1/draws')['draws'][0]['id']
    filled = {'{code}': last, '{level}': LEVEL, '{school}': ours.school, '{id}': draw, '{number}': '1', '{name}': 'manifest.txt', '{kind}': 'dropout', '{file}': 'zones.csv'}
    for name, (method, path, operation) in operations.items():
        for part, text in filled.items():
            path = path.replace(part, text)
        body = operation.get('requestBody')
        if operation['tags'][0] in ('zones', 'addresses', 'schools', 'tiles', 'service', 'plans', 'jobs', 'outlook', 'imports') or name == 'endOidc':  # which ignores what an issuer adds
            continue
        who = good[name][0] if name in good else actors['guardian']
        expect(f'{name} with an unknown parameter', service.call(method, path + '?unknown=1', good.get(name, (None, None))[1], who=who, headers={'If-Match': '*'}), 400)
        if not body:
            continue
        expect(f'{name} as text/plain', service.call(method, path, good[name][1], who=who, headers={'Content-Type': 'text/plain', 'If-Match': '*'}), 415)
        for rule, wrong in malformed.broken(document, body['content']['application/json']['schema'], good[name][1]):
            answer = service.call(method, path + ('?case=matrix' if 'code' in operations[name][1] else ''), wrong, who=who, headers={'If-Match': '*'}, raw=None if wrong is not None else b'null')
            cells['malformed'] += 1
            if answer.status not in (400, 404, 422):
                failures.append(f'{name} {rule}: {answer.status} {answer.body[:200]}')
    try_hostile(good, filled)


def try_hostile(good, filled):
    """Every operation with a body, by who would be heard with a good one. Prints what the slowest took."""
    slowest = 0, ''
    for name, (method, path, operation) in operations.items():
        if not operation.get('requestBody'):
            continue
        for part, text in filled.items():
            path = path.replace(part, text)
        who, body = good.get(name, ('city-1', {}))
        for kind, raw in malformed.hostile(body):
            began = time.monotonic()
            answer = service.call(method, path + ('?case=matrix' if 'code' in operations[name][1] else ''), who=who, headers={'If-Match': '*'}, raw=raw)
            slowest = max(slowest, (time.monotonic() - began, f'{name} with {kind}'))
            cells['hostile'] += 1
            if not 400 <= answer.status < 500:
                failures.append(f'{name} with {kind}: {answer.status} {answer.body[:200]}')
    print(f'slowest of {cells["hostile"]} hostile bodies: {slowest[1]}, {slowest[0] * 1000:.1f} ms')

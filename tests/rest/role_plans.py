"""Plans, jobs and forecasts: who may, in each state of a plan."""
from doors import ROLES, actors, expect, failures, operations, ours, service, table, theirs, try_operation, world
from rehearsal import LEVEL, MARK


def some_change():
    """Another class cap of some school of the package."""
    school = service.ok('GET', '/v1/schools')['features'][0]['properties']
    year = max(layer['school_year'] for layer in service.ok('GET', '/v1/layers')['layers']) + 1
    return [{'change': 'change_class_cap', 'school': school['school_id'], 'stage': school['stages'][0], 'from_year': year, 'until': f'{year + 2}-08-31', 'class_cap': 44, 'reason': 'made up', 'approved_by': 'nobody'}]


CHANGES = some_change()


def make_plan(side):
    body = {'name': 'a plan', 'district': side.district, 'scenario': CHANGES}
    return service.ok('POST', '/v1/plans', body, who=side.officers[0])['number']


def advance(number, to, side):
    version = service.ok('GET', f'/v1/plans/{number}', who=side.officers[0])['version']
    for who in (side.officers[0], 'city-1'):
        service.ok('POST', f'/v1/plans/{number}/advance', {'to': to, 'version': version}, who=who)


PLAN_BODIES = {'changePlan': {'name': 'changed', 'scenario': CHANGES}, 'evaluatePlan': {}, 'tryChanges': {'changes': CHANGES}, 'answerComment': {'text': 'an answer'}}
LASTING = {'deletePlan': 204, 'publishPlan': 200, 'changePlan': 200}


def ask_plan(name, who, number, unit, version=1):
    method, path, _ = operations[name]
    body = PLAN_BODIES.get(name) or {'comment': {'unit': unit, 'text': f'{MARK} a comment'}, 'advancePlan': {'to': 'approved', 'version': version}}.get(name)
    body = {} if name == 'evaluatePlan' else body
    path = path.replace('{number}', str(number)).replace('{comment}', '1') + ('?format=units' if name == 'exportPlan' else '')
    return service.call(method, path, body, who=who, headers={'If-Match': '*'})


def try_plans():
    of_plan = [n for n, (_, path, _) in operations.items() if path.startswith('/v1/plans/{number}')]
    plans = {side.number: make_plan(side) for side in world.sides}
    unit = service.ok('GET', f'/v1/plans/{plans[1]}/units', who=ours.officers[0])['units'][0]['unit']
    for state in ('plan_draft', 'consulting', 'approved', 'published'):
        if state == 'published':
            for side in world.sides:
                service.ok('POST', f'/v1/plans/{plans[side.number]}/publish', who=side.officers[0])
        elif state != 'plan_draft':
            for side in world.sides:
                advance(plans[side.number], state, side)
        if state == 'consulting':  # a comment each, to be answered
            for side in world.sides:
                service.ok('POST', f'/v1/plans/{plans[side.number]}/comments', {'unit': unit, 'text': f'{MARK} first'}, who=side.clerk)
        for role in ROLES:
            for name in of_plan:
                absent = ask_plan(name, actors[role], 99999, unit)
                for whose, number in (('own', plans[1]), ('foreign', plans[2])):
                    cell, status = f'{role} {name} {state} {whose}', table.verdict(role, name, whose == 'own', state)
                    if status is None and (name in LASTING or name == 'advancePlan'):
                        continue  # done once, below and on the way
                    answer = ask_plan(name, actors[role], number, unit)
                    if status is None:
                        status = 201 if name == 'comment' else 200
                        if name == 'answerComment' and role == 'school':
                            status = 404
                    expect(cell, answer, status)
                    if status == 404 and answer.body != absent.body:
                        failures.append(f'{cell}: a foreign plan is told from none: {answer.body} {absent.body}')
        if state == 'plan_draft':
            expect('district changePlan', ask_plan('changePlan', actors['district'], plans[1], unit), 200)
            expect('city deletePlan', ask_plan('deletePlan', actors['city'], make_plan(ours), unit), 204)
        if state == 'consulting':
            for side in world.sides:
                for c in service.ok('GET', f'/v1/plans/{plans[side.number]}/comments', who='city-1')['comments']:
                    service.ok('PUT', f'/v1/plans/{plans[side.number]}/comments/{c["number"]}/answer', {'text': 'an answer'}, who='city-1')
    make = lambda district: ('/v1/plans', {'name': 'another', 'district': district, 'scenario': CHANGES})
    try_operation('createPlan', make(ours.district), make(theirs.district), make('none'), success=201, only=[r for r in ROLES if r != 'city'])


def try_jobs():
    job = {'kind': 'redraw', 'options': {'rounds': 1}}
    for role in ROLES:
        status = table.verdict(role, 'startJob', True)
        started = service.call('POST', '/v1/jobs', job, who=actors[role])
        expect(f'{role} startJob', started, status or 202)
    other = service.ok('POST', '/v1/jobs', job, who=theirs.officers[0])['number']
    own = service.ok('POST', '/v1/jobs', job, who=ours.officers[0])['number']
    for role in ROLES:
        for name in ('getJob', 'cancelJob', 'followJob', 'getJobScenario'):
            method, path, _ = operations[name]
            told = {}
            for whose, number in (('own', own), ('foreign', other), ('absent', 99999)):
                answer = service.call(method, path.replace('{number}', str(number)), who=actors[role])
                status = table.verdict(role, name, whose == 'own' and role == 'district')
                told[whose] = answer.status, answer.body
                if status is None:
                    if whose == 'absent':
                        expect(f'{role} {name} absent', answer, 404)
                    elif answer.status not in (200, 202, 409):
                        failures.append(f'{role} {name} {whose}: {answer.status} {answer.body}')
                else:
                    expect(f'{role} {name} {whose}', answer, 404 if status == 409 else status)
            if role not in ('operator', 'anonymous') and told['foreign'] != told['absent']:
                failures.append(f'{role} {name}: a foreign job is told from none')
        expect(f'{role} listJobs', service.call('GET', '/v1/jobs', who=actors[role]), table.verdict(role, 'listJobs', True) or 200)


def try_outlook():
    for role in ROLES:
        for path in ('/v1/seat-forecasts', '/v1/warnings'):
            expect(f'{role} {path}', service.call('GET', path, who=actors[role]), 200)
    publish = lambda school: ('/v1/warnings/publications', {'school': school, 'stage': LEVEL, 'school_year': 2025})
    try_operation('publishForecast', publish(ours.school), publish(theirs.school), publish('none'), success=422, only=[r for r in ROLES if r != 'city'])

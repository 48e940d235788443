#!/usr/bin/env python3
"""Opening day over REST: families wait their turn before they sign in, and nobody else does.

  door.py --build build/release --pack datasets/policy/packs/guiyang-2024.json
"""
import argparse, http.client, json, re, shutil, sys, tempfile

from rehearsal import Service, World

OPENS, BEFORE = '2024-06-11T08:00', '2024-06-11T07:00'
PHONE = '+9997010009'
failures = []


def expect(what, held):
    if not held:
        failures.append(what)


class Client:
    """A connection that keeps a waiting ticket, as a browser does."""

    def __init__(self, service):
        self.service, self.ticket = service, None

    def call(self, method, path, body=None, accept='application/json'):
        headers = {'Accept': accept, 'Content-Type': 'application/json'}
        if self.ticket:
            headers['Cookie'] = '__Host-waiting=' + self.ticket
        connection = http.client.HTTPConnection(self.service.connection.host, self.service.connection.port, timeout=60)
        connection.request(method, path, body and json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        given = re.match(r'__Host-waiting=([^;]+); Path=/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$', answer.headers.get('Set-Cookie') or '')
        self.given = given is not None
        if given:
            self.ticket = given.group(1)
        connection.close()
        return answer.status, answer.headers, text


def try_before(service):
    family = Client(service)
    status, headers, text = family.call('POST', '/v1/guardians/codes', {'phone': PHONE})
    expect('before the opening no code is sent', status == 503 and json.loads(text)['code'] == 'waiting')
    expect('it says when to come again', int(headers['Retry-After']) > 0)
    expect('it gives a ticket', family.given)
    status, _, text = family.call('GET', '/v1/door')
    told = json.loads(text)
    expect('the door says when it opens', status == 200 and not told['open'] and told['opens_at'].startswith(OPENS) and told['wait_s'] > 3000)
    expect('one ticket is enough', not family.given)
    status, headers, text = family.call('GET', '/v1/door', accept='text/html,*/*')
    expect('browsers get a page', status == 200 and '尚未开放' in text and 'http-equiv="refresh"' in text)
    status, _, _ = family.call('POST', '/v1/guardians/sessions', {'phone': PHONE, 'code': '000000'})
    expect('nor is a code taken', status == 503)
    expect('staff do not wait', Client(service).call('POST', '/v1/sessions', {'name': 'city-1', 'password': service.world.secret})[0] == 201)
    expect('looking things up does not wait', Client(service).call('GET', '/v1/lookup?lon=110.5&lat=33.5')[0] == 200)
    return family


def try_open(service, family):
    service.set_clock('2024-06-11T08:00:05')
    status, _, text = family.call('GET', '/v1/door')
    expect('its turn comes', json.loads(text)['open'])
    status, headers, _ = family.call('GET', '/v1/door', accept='text/html')
    expect('the page goes on', status == 303 and headers['Location'] == '/#/family')
    expect('the code is sent', family.call('POST', '/v1/guardians/codes', {'phone': PHONE})[0] in (200, 202, 204))
    # Of two a second, ten may have passed in five seconds; the rest wait, and a newcomer learns behind how many.
    crowd = [Client(service) for _ in range(30)]
    passed = sum(json.loads(c.call('GET', '/v1/door')[2])['open'] for c in crowd)
    expect(f'places are released at the rate: {passed} of 30 passed', 1 <= passed <= 11)
    told = json.loads(Client(service).call('GET', '/v1/door')[2])
    expect(f'a newcomer is behind those who wait: {told}', not told['open'] and told['before_you'] >= 15 and told['again_s'] >= 5)
    forged = Client(service)
    forged.ticket = family.ticket[:-2] + ('AA' if family.ticket[-2:] != 'AA' else 'BA')
    expect('a forged ticket is none', not json.loads(forged.call('GET', '/v1/door')[2])['open'] and forged.given)
    expect('metrics count', re.search(r'catchment_door_tickets_total 3[0-9]', Client(service).call('GET', '/metrics')[2]))
    return crowd[-1]


def try_restart(world, family, waiting):
    service = Service(world, '2024-06-11T08:00:06', flags=FLAGS)
    for who, name in ((family, 'who had passed'), (waiting, 'who waited')):
        again = Client(service)
        again.ticket = who.ticket
        told = json.loads(again.call('GET', '/v1/door')[2])
        expect(f'{name} keeps the ticket over a restart', not again.given)
        if who is family:
            expect('and is not sent back', told['open'])
    service.stop()


parser = argparse.ArgumentParser()
parser.add_argument('--build', required=True), parser.add_argument('--pack', required=True)
arguments = parser.parse_args()
FLAGS = ('--door-opens', OPENS, '--door-rate', '2')
work = tempfile.mkdtemp(prefix='catchment-door-')
try:
    world = World(arguments.build, arguments.pack, work)
    service = Service(world, BEFORE, flags=FLAGS)
    family = try_before(service)
    waiting = try_open(service, family)
    service.stop()
    try_restart(world, family, waiting)
finally:
    shutil.rmtree(work, ignore_errors=True)
for failure in failures:
    print('FAILED:', failure)
sys.exit(bool(failures))

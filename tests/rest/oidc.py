#!/usr/bin/env python3
"""Staff sign in at an identity provider, over the network, as a browser would.

  oidc.py --build build/release --pack datasets/policy/packs/guiyang-2024.json
"""
import argparse, http.client, re, shutil, sys, tempfile, urllib.parse

from issuer import Issuer
from rehearsal import Service, World

BACK = 'https://catchment.example/v1/oidc/return'  # what the service is called; the test asks its loopback address
failures = []


def expect(what, held):
    if not held:
        failures.append(what)


def get(port, path, cookies=None):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=60)
    connection.request('GET', path, headers={'Cookie': '; '.join(f'{k}={v}' for k, v in cookies.items())} if cookies else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    given = dict(line.split(';')[0].split('=', 1) for line in answer.headers.get_all('Set-Cookie') or [])
    connection.close()
    return answer.status, answer.headers, text, given


class Browser:
    """Keeps the service's cookies; follows the way to the issuer and back."""

    def __init__(self, service, issuer):
        self.service, self.issuer, self.cookies = service.connection.port, issuer, {}

    def ask(self, path):
        status, headers, text, given = get(self.service, path, self.cookies)
        for name, value in given.items():
            self.cookies.pop(name, None) if not value else self.cookies.update({name: value})
        return status, headers, text

    def begin(self):
        """Where the issuer sends the browser back to."""
        status, headers, text = self.ask('/v1/oidc')
        if status != 303:
            return status, text
        url = urllib.parse.urlsplit(headers['Location'])
        status, headers, _, _ = get(url.port, url.path + '?' + url.query)
        return status, headers['Location']

    def come_back(self, location):
        return self.ask(location[location.index('/v1/'):])

    def sign_in(self):
        status, location = self.begin()
        return self.come_back(location) if status == 302 else (status, {}, location)


def who_am_i(browser):
    session = browser.cookies.get('__Host-catchment')
    return session and browser.ask('/v1/sessions/current')


def code_of(text):
    found = re.search(r'\[(\w+)\]', text)
    return found and found.group(1)


ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', required=True)
args = ap.parse_args()
work = tempfile.mkdtemp(prefix='catchment-oidc-')
world, issuer = World(args.build, args.pack, work), Issuer()
service = Service(world, '2024-06-11T08:00', flags=('--oidc', issuer.write_file(world.at('oidc.json'), BACK), '--public-url', 'https://catchment.example'))
expect('the version says so', service.ok('GET', '/v1/version')['oidc'] is True)
accounts = {a['name']: a['number'] for a in service.ok('GET', '/v1/accounts', who='operator')['accounts']}
link = f'/v1/accounts/{accounts["city-1"]}/identity', {'subject': 'person-1'}

# Nobody gets an account by signing in.
status, _, text = Browser(service, issuer).sign_in()
expect(f'somebody who is not linked: {status} {text}', status == 403 and 'no work account' in text)
expect('one operator alone links nobody', service.call('PUT', *link, who='operator').status == 202)
expect('an auditor links nobody', service.call('PUT', *link, who='auditor').status == 403)
expect('a second operator does', service.call('PUT', *link, who='operator-2').status == 200)
taken = f'/v1/accounts/{accounts["auditor"]}/identity', link[1]
service.call('PUT', *taken, who='operator')
expect('a person has one account', service.call('PUT', *taken, who='operator-2').status == 400)

browser = Browser(service, issuer)
status, headers, text = browser.sign_in()
expect(f'who is linked is signed in: {status} {text}', status == 200 and 'url=/#/desk' in text)
expect('the page is nobody\'s to keep', headers.get('Cache-Control') == 'no-store')
expect(f'the sign-in\'s own cookie is gone: {browser.cookies}', list(browser.cookies) == ['__Host-catchment'])
me = who_am_i(browser)
expect(f'as the account: {me}', me and me[0] == 200 and f'"account:{accounts["city-1"]}"' in me[2] and '"second_factor":true' in me[2])

issuer.second_factor = False
weaker = Browser(service, issuer)
weaker.sign_in()
expect('a second factor is what the issuer says', '"second_factor":false' in who_am_i(weaker)[2])
issuer.second_factor = True

# What is not this sign-in's.
one, other = Browser(service, issuer), Browser(service, issuer)
_, location = one.begin()
other.begin()
for what, browser, where in (('another browser\'s answer', other, location), ('an answer to nothing', Browser(service, issuer), location)):
    status, _, text = browser.come_back(where)
    expect(f'{what}: {status} {text}', status == 403 and code_of(text) == 'oidc_state')
status, _, text = one.come_back(location)
expect(f'the right browser\'s: {status} {text}', status == 200)
status, _, text = one.come_back(location)
expect(f'once: {status} {text}', status == 403 and code_of(text) == 'oidc_state')
for what, change, code in (('another issuer\'s', lambda q: q | {'iss': 'https://other.example'}, 'oidc_issuer'), ('without the issuer', lambda q: {k: v for k, v in q.items() if k != 'iss'}, 'oidc_issuer'),
                           ('refused there', lambda q: {k: v for k, v in q.items() if k != 'code'} | {'error': 'access_denied'}, 'oidc_refused'),
                           ('a made-up code', lambda q: q | {'code': 'made up'}, 'oidc_token')):
    browser = Browser(service, issuer)
    path, _, query = browser.begin()[1].partition('?')
    status, _, text = browser.come_back(path + '?' + urllib.parse.urlencode(change(dict(urllib.parse.parse_qsl(query)))))
    expect(f'{what}: {status} {text}', status == 403 and code_of(text) == code and who_am_i(browser) is None)

# An issuer that answers wrongly. Its description and its keys are known by now, so the token is what it is asked for.
for fault, status_, code in (('redirect', 403, 'oidc_token'), ('large', 502, 'oidc_unreachable'), ('slow_down', 502, 'oidc_unreachable'), ('no_token', 403, 'oidc_token'),
                             ('other_nonce', 403, 'id_token_nonce'), ('other_audience', 403, 'id_token_audience'), ('old', 403, 'id_token_expired'), ('unsigned', 403, 'id_token_signature')):
    browser = Browser(service, issuer)
    _, location = browser.begin()
    issuer.faults = [fault]
    status, _, text = browser.come_back(location)
    expect(f'{fault}: {status} {text}', status == status_ and code_of(text) == code and who_am_i(browser) is None)
_, location = browser.begin()
issuer.stop()
status, _, text = browser.come_back(location)
expect(f'away: {status} {text}', status == 502 and code_of(text) == 'oidc_unreachable')
told = open(world.at('stderr')).read()
expect('nothing of the person is logged', 'person-1' not in told and 'id_token' not in told)
service.stop()

# A service that was told wrongly does not start; one that was told nothing says so.
for what, text in (('no JSON', '{'), ('an unknown member', '{"issuer": "https://id.example", "client_id": "c", "redirect_uri": "https://c.example/", "scope": "all"}'),
                   ('no client', '{"issuer": "https://id.example"}'), ('plain http', '{"issuer": "http://id.example", "client_id": "c", "redirect_uri": "https://c.example/"}')):
    with open(world.at('oidc.json'), 'w') as file:
        file.write(text)
    try:
        Service(world, '2024-06-11T08:00', flags=('--oidc', world.at('oidc.json')))
        failures.append(f'{what}: it started')
    except SystemExit as ended:
        expect(f'{what}: {ended}', 'oidc' in str(ended))
service = Service(world, '2024-06-11T08:00')
expect('none', service.call('GET', '/v1/oidc').status == 404 and service.ok('GET', '/v1/version')['oidc'] is False)
service.stop()
for failure in failures:
    print('FAILED', failure)
print(f'{len(failures)} failed')
if not failures:
    shutil.rmtree(work, ignore_errors=True)
sys.exit(1 if failures else 0)

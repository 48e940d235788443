"""A small made-up season behind a running service, for the tests that ask it as its clients do. Nobody in it is real.

World: two sides, each with a district, public schools that have zones, a private school, officers, a clerk and a guardian.
Service: catchmentd over it, its output kept.
"""
import atexit, ctypes, datetime, http.client, json, os, re, signal, subprocess, sys, time

LEVEL = 'junior'
MARK = '金丝雀CANARY7F3A'  # in every name


def identity(number, born, region='800000'):
    """A number with a good check digit, of a region that does not exist."""
    digits = region + born.replace('-', '') + f'{number % 1000:03d}'
    total = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)))
    return digits + '10X98765432'[total % 11]


def die_with_us(signal_=signal.SIGKILL):
    """In a child: it ends when the test does, however that ends."""
    ctypes.CDLL(None).prctl(1, signal_)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'{" ".join(command[:3])}: {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


class Side:
    """One of two halves that must not see each other."""

    def __init__(self, number):
        self.number, self.district, self.zone = number, f'D{number}', f'Z-J{number}1'
        self.school, self.other, self.private = f'J{number}1', f'J{number}2', f'J{number}9'
        self.phone = f'+999701000{number}'
        self.officers = [f'district-{number}-{n}' for n in '12']
        self.clerk = f'school-{number}'


class World:
    def __init__(self, build, pack, work, store=None, private_seats=90, staff=None):
        self.catchment, self.catchmentd = (os.path.join(build, 'server', p) for p in ('catchment', 'catchmentd'))
        self.pack, self.work = pack, work
        os.makedirs(work, exist_ok=True)
        self.at = lambda name: os.path.join(work, name)
        self.database = self.at('season.db')
        self.store, self.keys, self.texts = store or 'sqlite:' + self.database, self.at('keys'), self.at('texts')
        self.private_seats = private_seats
        self.write_setup()
        run(self.catchment, 'synth', self.at('city.gpkg'), '--seed', '1', '--schools', '4', '--children', '300')
        self.secret = 'a password for a rehearsal'
        with open(self.at('password'), 'w') as file:
            file.write(self.secret + '\n')
        self.tokens, self.staff = {}, staff  # staff: names of those who are needed; None: all
        for side in self.sides:
            for officer in side.officers:
                self.account(officer, 'district', '--district', side.district)
            self.account(side.clerk, 'school', '--school', side.school, '--school', side.private)
        for name, role in (('city-1', 'city'), ('city-2', 'city'), ('auditor', 'auditor'), ('operator', 'operator'), ('operator-2', 'operator')):
            self.account(name, role)
        self.children = 0

    def write_setup(self):
        """Two districts, each with two public schools that have a zone, and a private one."""
        os.makedirs(self.at('setup'), exist_ok=True)
        self.sides = [Side(1), Side(2)]
        files = {'season.csv': ['place,school_year,as_of,term_starts,synthetic', 'synthetic,2024,2024-09-30,2024-09-01,yes'],
                 'schools.csv': ['school_id,name,stage,ownership,kind,district,group_id,plan_seats,plan_classes,fee_yuan,boarding,city_approved'],
                 'zones.csv': ['zone_id,stage,district,school_ids,changed,approval_id'], 'sites.csv': ['school_id,x_m,y_m']}
        for side in self.sides:
            for school, fee in ((side.school, ''), (side.other, ''), (side.private, '9000')):
                files['schools.csv'].append(f'{school},synthetic school {school},{LEVEL},{"private" if fee else "public"},general,{side.district},,{self.private_seats if fee else 90},2,{fee},no,no')
                files['sites.csv'].append(f'{school},{len(files["sites.csv"]) * 700},{side.number * 900}')
                if not fee:
                    files['zones.csv'].append(f'Z-{school},{LEVEL},{side.district},{school},no,')
        for name, lines in files.items():
            with open(self.at(f'setup/{name}'), 'w') as file:
                file.write('\n'.join(lines) + '\n')

    def account(self, name, role, *scope):
        if self.staff is not None and name not in self.staff:
            return
        made = run(self.catchmentd, 'account', '--store', self.store, '--keys', self.keys, '--name', name, '--role', role, '--password-file',
                   self.at('password'), '--token', *scope)
        self.tokens[name] = made.split()[1]

    def record(self, side, evidence):
        """Of another child of this side's guardian each time, in a home of its own in the school's zone."""
        self.children += 1
        born = (datetime.date(2011, 9, 1) + datetime.timedelta(days=self.children % 300)).isoformat()
        here = {'district': side.district, 'address': 'here', 'zone': side.zone}
        return {
            'level': LEVEL, 'district': side.district,
            'child': {'name': f'{MARK}孩子{self.children}', 'document': {'type': 'resident_id', 'number': identity(self.children, born)},
                      'birth_date': born, 'sex': 'female' if self.children % 2 else 'male', 'nationality': 'chinese'},
            'guardian': {'name': f'{MARK}家长{side.number}', 'relation': 'mother', 'phone': side.phone},
            'home': {'zone_id': side.zone, 'x_m': self.children * 7, 'y_m': side.number},
            'facts': {
                'groups': [], 'disability': 'none', 'hukou_in_city': True, 'hukou_urban': True, 'hukou_with': 'parents', 'hukou_since_birth': True,
                **{f'hukou_{k}': v for k, v in here.items()}, **{f'residence_{k}': v for k, v in here.items()}, 'residence_rural': False,
                'parents_in_city': True, 'lives_with': ['parents'], 'property_addresses': ['here'], 'permit_holder': 'none', 'lawful_work': True,
                'lawful_home': True, 'primary_graduation_year': 2024, 'primary_school': 'primary', 'primary_district': side.district,
                'primary_in_city': True, 'deferred_last_year': False, 'deferral_requested': False, 'needs_home_care': False, 'evidence': evidence}}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body) if self.body else None


class Service:
    """The process, and one connection to it. `record`: a file that gets every exchange as a line of JSON."""

    def __init__(self, world, clock, record=None, flags=(), log=True, port=0):
        self.world, self.record, self.posts, self.problems = world, record, 0, []
        self.out, self.err = open(world.at('stdout'), 'a+'), open(world.at('stderr'), 'a+')
        start = self.out.tell()
        self.process = subprocess.Popen(
            [world.catchmentd, '--package', world.at('city.gpkg'), '--port', str(port), '--store', world.store, '--keys', world.keys, '--policy', world.pack,
             '--season', world.at('setup'), '--texts', world.texts, '--rehearsal', '--clock', clock, *(['--access-log'] if log else []), *flags], stdout=self.out, stderr=self.err, preexec_fn=die_with_us)
        atexit.register(self.process.kill)  # whatever ends the test
        for _ in range(15000):
            with open(world.at('stdout')) as file:
                file.seek(start)
                found = re.search(r'http://([^/\s]+)/', file.read())
            if found or self.process.poll() is not None:
                break
            time.sleep(0.004)
        if not found:
            sys.exit('the service did not start: ' + open(world.at('stderr')).read())
        self.connection = http.client.HTTPConnection(found.group(1), timeout=120)

    def call(self, method, path, body=None, who=None, headers=None, raw=None):
        """who: the name of an account with a token, a session from sign_in(), or nobody."""
        sent = {}
        if body is not None or raw is not None:
            sent['Content-Type'] = 'application/json'
        if method == 'POST':
            self.posts += 1
            sent['Idempotency-Key'] = f'key-{os.getpid()}-{self.posts}'
        if isinstance(who, str):
            sent['Authorization'] = 'Bearer ' + self.world.tokens[who]
        elif who:
            sent['Cookie'], sent['X-CSRF-Token'] = who['cookie'], who['csrf']
        sent.update(headers or {})
        for _ in range(100):
            self.connection.request(method, path, raw if raw is not None else None if body is None else json.dumps(body), sent)
            answer = self.connection.getresponse()
            out = Answer(answer.status, answer.headers, answer.read())
            if out.status != 503:  # shed without having been begun: the machine has more to do
                break
            time.sleep(0.1)
        if out.status >= 400:
            self.problems.append(out.body)
        if out.status >= 500:
            sys.exit(f'{method} {path}: {out.status} {out.body.decode()}')
        if self.record:
            kind = (answer.headers.get('Content-Type') or '').split(';')[0]
            line = {'method': method, 'path': path, 'request': body, 'status': out.status, 'type': kind, 'answer': out.json() if 'json' in kind else out.body.decode()}
            print(json.dumps(line, ensure_ascii=False), file=self.record)
        return out

    def ok(self, *a, **k):
        answer = self.call(*a, **k)
        if answer.status >= 300:
            sys.exit(f'{a[0]} {a[1]}: {answer.status} {answer.body.decode()}')
        return answer.json()

    def set_clock(self, when):
        self.ok('PUT', '/v1/clock', {'now': when}, who='operator')

    def sign_in(self, phone):
        texts = self.world.texts
        before = os.path.getsize(texts) if os.path.exists(texts) else 0
        self.ok('POST', '/v1/guardians/codes', {'phone': phone})
        for _ in range(60000):
            if os.path.exists(texts) and os.path.getsize(texts) > before:
                line = open(texts).read().strip().split('\n')[-1]
                code = re.search(r'(\d{6})\s*$', line)
                if phone[-8:] in line and code:
                    break
            time.sleep(0.001)
        else:
            sys.exit('no code was sent')
        return self.session_of(self.call('POST', '/v1/guardians/sessions', {'phone': phone, 'code': code.group(1)}))

    def log_in(self, name):
        """Of staff, by password alone: without a second factor."""
        return self.session_of(self.call('POST', '/v1/sessions', {'name': name, 'password': self.world.secret}))

    @staticmethod
    def session_of(answer):
        if answer.status != 201:
            sys.exit(f'sign-in: {answer.status} {answer.body.decode()}')
        return {'cookie': answer.headers['Set-Cookie'].split(';')[0], 'csrf': answer.json()['csrf']}

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60):
            sys.exit('the service did not stop well')
        self.out.close(), self.err.close()

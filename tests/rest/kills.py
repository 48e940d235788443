#!/usr/bin/env python3
"""SIGKILLs of the whole service under 64 families: nothing acknowledged is lost, nothing is half, nothing is double.

  kills.py --build build/release --pack datasets/policy/packs/guiyang-2024.json [--kills 300] [--store sqlite|postgres] [--seed 1]

Each family has a connection of its own and registers children, hands in, has an officer agree, chooses and pays, every
POST with a key; now and then it sends a request twice at once, or an old one again, or an old key with another request.
After each kill, families send again what was not answered, and what was answered last: that must be the same answer to
the byte, and given again, not made again. Rows are held against one another at each start (WHOLE). Two thirds of the
kills hit registration, the rest the days on which seats are paid for.
"""
import argparse, datetime, json, os, random, shutil, signal, socket, sqlite3, subprocess, sys, tempfile, threading, time

import postgres
from rehearsal import LEVEL, Service, World, identity, run

CLIENTS = 64
ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', required=True)
ap.add_argument('--kills', type=int, default=300)
ap.add_argument('--store', choices=('sqlite', 'postgres'), default='sqlite')
ap.add_argument('--seed', type=int, default=1)
args = ap.parse_args()
if args.store == 'postgres' and not postgres.installed():
    print('PostgreSQL 15 is not installed: scripts/install.sh test')
    sys.exit(77)

# Rows that must agree whatever instant the process died at; each counts what does not.
WHOLE = {
    'registrations created and journal': "SELECT (SELECT count(*) FROM registration) - (SELECT count(*) FROM journal WHERE kind = 'registration.create')",
    'versions and journal': 'SELECT count(*) FROM registration r JOIN (SELECT subject, count(*) AS entries FROM journal GROUP BY subject) j ON j.subject = r.code WHERE r.version < j.entries',
    'numbers and events': "SELECT (SELECT count(*) FROM registration WHERE number IS NOT NULL) - (SELECT count(*) FROM season_event WHERE kind LIKE 'register%')",
    'numbers and grounds': 'SELECT count(*) FROM registration WHERE number IS NOT NULL AND (level, number) NOT IN (SELECT level, child FROM season_child)',
    'choices and events': "SELECT (SELECT count(*) FROM season_event WHERE kind = 'choose_private') - (SELECT count(*) FROM journal WHERE kind = 'registration.choose')",
    'payments and events': "SELECT (SELECT count(*) FROM season_event WHERE kind = 'pay') - (SELECT count(*) FROM journal WHERE kind = 'payment.record')",
    'seats and locks': "SELECT count(*) FROM registration r WHERE (seat <> '') <> EXISTS (SELECT 1 FROM seat_lock l WHERE l.code = r.code AND l.school = r.seat)",
    'journal without a gap': 'SELECT max(number) - count(*) FROM journal',
    'answers and journal': "SELECT (SELECT count(*) FROM idempotency) - (SELECT count(*) FROM journal WHERE kind LIKE 'registration.%' OR kind = 'payment.record' OR kind = 'season.step')",
}


class Gone(Exception):
    """The connection ended before the answer was whole."""


class Connection:
    def __init__(self, port):
        try:
            self.socket = socket.create_connection(('127.0.0.1', port))
            itself = self.socket.getsockname() == self.socket.getpeername()  # as a port nobody listens on may
        except OSError as error:
            raise Gone from error
        if itself:
            raise Gone
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b''

    def send(self, request, who):
        body = request.body
        head = f'POST {request.path} HTTP/1.1\r\nHost: service\r\n{who}Content-Type: application/json\r\nIdempotency-Key: {request.key}\r\nContent-Length: {len(body)}\r\n\r\n'
        try:
            self.socket.sendall(head.encode() + body)
        except OSError as error:
            raise Gone from error

    def more(self):
        try:
            got = self.socket.recv(65536)
        except OSError as error:
            raise Gone from error
        if not got:
            raise Gone
        self.rest += got

    def receive(self):
        """(status and headers that belong to the answer and body; whether it was given again)"""
        while b'\r\n\r\n' not in self.rest:
            self.more()
        head, _, rest = self.rest.partition(b'\r\n\r\n')
        lines = head.split(b'\r\n')
        headers = dict(line.lower().split(b': ', 1) for line in lines[1:])
        length = int(headers[b'content-length'])
        while len(self.rest) < len(head) + 4 + length:
            self.more()
        rest = self.rest[len(head) + 4:]
        self.rest = rest[length:]
        kept = tuple(headers.get(name) for name in (b'content-type', b'etag', b'location'))
        return (lines[0].split(b' ')[1], kept, rest[:length]), b'idempotency-replayed' in headers


class Request:
    def __init__(self, key, path, body, who):
        self.key, self.path, self.who = key, path, who
        self.body = b'' if body is None else json.dumps(body).encode()


class Stage:
    """The process that is killed, and the word for families to go on or to wait."""

    def __init__(self, world, begin):
        self.world, self.begin, self.started = world, begin, time.monotonic()
        self.changed, self.port, self.over, self.lives = threading.Condition(), None, False, 0
        self.settling, self.waiting = False, 0  # who has been answered waits for the next life

    def clock(self):
        return (self.begin + datetime.timedelta(seconds=int(time.monotonic() - self.started))).isoformat()

    def start(self):
        self.service = Service(self.world, self.clock(), flags=('--snapshot', self.world.at('city.snapshot')))
        self.lives += 1

    def open(self):
        with self.changed:
            self.port = self.service.connection.port
            self.changed.notify_all()

    def kill(self):
        self.service.process.kill()
        self.close()
        if self.service.process.wait() != -signal.SIGKILL:
            fail('it ended by itself: ' + open(self.world.at('stderr')).read()[-500:])
        self.service.out.close(), self.service.err.close()

    def close(self):
        with self.changed:
            self.port = None

    def wait_for_port(self, pending):
        """None at the end. While everything settles, only for whom was not answered."""
        with self.changed:
            self.waiting += 1
            self.changed.wait_for(lambda: self.over or self.port and (pending or not self.settling))
            self.waiting -= 1
            return None if self.over else self.port


failures, counts, lock = [], dict.fromkeys(('acknowledged', 'untold', 'again', 'twins', 'reused', 'shed'), 0), threading.Lock()


def fail(what):
    with lock:
        failures.append(what)


def count(what):
    with lock:
        counts[what] += 1


class Family(threading.Thread):
    """One guardian and what it was told. Its side's officer agrees at its request, so that one thread knows the order."""

    def __init__(self, number, stage, world):
        super().__init__(daemon=True)
        self.number, self.stage, self.world = number, stage, world
        self.side = world.sides[number % 2]
        self.phone = f'+9997020{number:05d}'
        self.random = random.Random(args.seed * CLIENTS + number)
        self.children, self.sent, self.answered, self.pending = [], 0, [], None
        self.who = {'officer': f'Authorization: Bearer {world.tokens[self.side.officers[0]]}\r\n'}
        self.acts = self.registration

    def sign_in(self, service):
        session = service.sign_in(self.phone)
        self.who['guardian'] = f'Cookie: {session["cookie"]}\r\nX-CSRF-Token: {session["csrf"]}\r\n'

    def record(self):
        born = datetime.date(2011, 9, 1) + datetime.timedelta(days=len(self.children) % 300)
        record = self.world.record(self.side, [])
        record['guardian']['phone'] = self.phone
        number = identity(len(self.children) // 300, born.isoformat(), f'8{self.number:05d}')
        record['child'].update(birth_date=born.isoformat(), document={'type': 'resident_id', 'number': number})
        return record

    def request(self, path, body, who):
        self.sent += 1
        return Request(f'{self.number}-{self.sent}', path, body, who)

    def registration(self):
        """What is to be done next, and what that makes of the child."""
        unready = [c for c in self.children if c['stage'] != 'chosen']
        if not unready or len(unready) < 3 and self.random.random() < 0.3:
            child = {'stage': 'none'}
            self.children.append(child)
            return child, 'draft', self.request('/v1/registrations', self.record(), 'guardian')
        child = self.random.choice(unready)
        where = f'/v1/registrations/{child["code"]}/'
        return {'draft': lambda: (child, 'registered', self.request(where + 'submit', None, 'guardian')),
                'registered': lambda: (child, 'verified', self.request(where + 'verify?case=kills', {}, 'officer')),
                'verified': lambda: (child, 'chosen', self.request(where + 'choose', {'school': self.side.private}, 'guardian'))}[child['stage']]()

    def payment(self):
        unpaid = [c for c in self.children if c['stage'] == 'chosen']
        if not unpaid:
            return None
        child = self.random.choice(unpaid)
        return child, 'paid', self.request(f'/v1/registrations/{child["code"]}/payment', {'receipt': f'synthetic {child["code"]}'}, 'guardian')

    def run(self):
        while True:
            port = self.stage.wait_for_port(self.pending)
            if port is None:
                return
            try:
                self.live(Connection(port), port)
            except Gone:
                time.sleep(0.001)
            except Exception as error:
                fail(f'family {self.number}: {error!r}')
                return

    def live(self, connection, port):
        if self.answered:
            self.send_again(connection, self.answered[-1])
        while True:
            if self.pending is None and not self.stage.settling:
                self.pending = self.acts()
            if self.pending is None:
                if self.stage.settling or self.stage.over:
                    return
                if not self.answered:
                    time.sleep(0.01)
                    continue
                self.send_again(connection, self.random.choice(self.answered))
                continue
            child, stage, request = self.pending
            answer = self.send_twins(port, request) if self.random.random() < 0.1 else self.send_once(connection, request)
            self.take(child, stage, request, answer)
            if self.random.random() < 0.1:
                self.send_again(connection, self.random.choice(self.answered))
            if self.random.random() < 0.05 and request.who == 'guardian':
                self.send_other(connection, request.key)

    def take(self, child, stage, request, answer):
        if answer[0] not in (b'200', b'201'):
            fail(f'{request.path}: {answer}')
        child['stage'], child['code'] = stage, json.loads(answer[2])['code']
        self.pending = None
        self.answered = self.answered[-200:] + [(request, answer)]
        count('acknowledged')

    def ask(self, connection, request):
        """What is shed was not begun, and is sent again."""
        while True:
            connection.send(request, self.who[request.who])
            answer, again = connection.receive()
            if answer[0] != b'503' or b'"overloaded"' not in answer[2]:
                return answer, again
            count('shed')
            time.sleep(0.05)

    def send_once(self, connection, request):
        answer, again = self.ask(connection, request)
        count('untold') if again else None
        return answer

    def send_twins(self, port, request):
        pair = Connection(port), Connection(port)
        for one in pair:
            one.send(request, self.who[request.who])
        (first, again), (second, again_too) = (one.receive() for one in pair)
        if b'503' in (first[0], second[0]):
            return self.send_once(pair[0], request)
        if first != second:
            fail(f'twins of {request.path} differ: {first} {second}')
        if not again and not again_too:
            fail(f'twins of {request.path} were both carried out')
        count('twins')
        return first

    def send_again(self, connection, old):
        request, answer = old
        given, again = self.ask(connection, request)
        if not again:
            fail(f'{request.path}: was answered, and is done again: lost')
        if given != answer:
            fail(f'{request.path}: answered {answer}, now {given}')
        count('again')

    def send_other(self, connection, key):
        (status, _, body), _ = self.ask(connection, Request(key, '/v1/registrations', self.record(), 'guardian'))
        if status != b'422' or b'idempotency_key_reused' not in body:
            fail(f'another request with a key used before: {status} {body}')
        count('reused')


def rows(text):
    if args.store == 'postgres':
        return int(server.sql(text)[0][0])
    connection = sqlite3.connect(f'file:{world.database}?mode=ro', uri=True)
    try:
        return connection.execute(text).fetchone()[0]
    finally:
        connection.close()


def hold_rows():
    text = 'SELECT ' + ' + '.join(f'abs(({part}))' for part in WHOLE.values())
    if rows(text):
        for name, part in WHOLE.items():
            if rows(part):
                fail(f'after {stage.lives} lives: {name}: {rows(part)}')


def play(kills):
    for _ in range(kills):
        before = counts['acknowledged'] + counts['again']
        stage.open()
        quiet = random_.random() < 0.75  # mostly after somebody was answered
        while quiet and counts['acknowledged'] + counts['again'] == before and not failures and stage.service.process.poll() is None:
            time.sleep(0.001)
        time.sleep(random_.random() * LIFE)
        stage.kill()
        stage.start()
        hold_rows()
        if failures:
            return


def settle():
    """Everybody is answered what was sent, and nothing is new."""
    stage.settling = True
    stage.open()
    until = time.monotonic() + 60
    busy = lambda: stage.waiting < CLIENTS or any(f.pending for f in families)
    while busy() and time.monotonic() < until and not failures:
        time.sleep(0.005)
    if busy():
        fail('not everybody was answered')
    stage.close()
    stage.settling = False


LIFE = 0.04  # seconds at most that a life goes on after the first answer
random_ = random.Random(args.seed)
began = time.monotonic()
work = tempfile.mkdtemp(prefix='catchment-kills-', dir='/dev/shm' if os.path.isdir('/dev/shm') else None)
server = postgres.Postgres() if args.store == 'postgres' else None
world = World(args.build, args.pack, work, server and server.make_database(), private_seats=9999, staff=('district-1-1', 'district-2-1', 'city-1'))
run(world.catchment, 'snapshot', world.at('city.gpkg'), world.at('city.snapshot'))
stage = Stage(world, datetime.datetime(2024, 3, 1, 8))
stage.start()
calendar = {l['level']: l for l in stage.service.ok('GET', '/v1/calendar')['levels']}[LEVEL]
windows = {w['window']: w for w in calendar['windows']}
families = [Family(n, stage, world) for n in range(CLIENTS)]


def go_to(window):
    """The clock stands in a window; everybody signs in."""
    stage.service.stop()
    stage.begin, stage.started = datetime.datetime.fromisoformat(windows[window]['from'][:10] + 'T10:00') + datetime.timedelta(days=1), time.monotonic()
    stage.start()
    for family in families:
        family.sign_in(stage.service)


go_to('private_choice')
ready = time.monotonic()
for family in families:
    family.start()
play(args.kills * 2 // 3)
settle()
if not failures:
    go_to('confirm')
    stage.service.ok('POST', f'/v1/seasons/{LEVEL}/steps', {'step': 'private'}, who='city-1')
    for family in families:
        family.acts = family.payment
    play(args.kills - args.kills * 2 // 3)
    settle()
with stage.changed:
    stage.over = True
    stage.changed.notify_all()
for family in families:
    family.join()
if not failures:
    stage.service.stop()
    verified = subprocess.run([world.catchmentd, 'verify', world.store], capture_output=True, text=True)
    if verified.returncode:
        fail('verify: ' + verified.stdout + verified.stderr)
    told = {name: sum(c['stage'] in stages for f in families for c in f.children) for name, stages in
            {'registration': ('draft', 'registered', 'verified', 'chosen', 'paid'), 'seat_lock': ('chosen', 'paid')}.items()}
    for table, number in told.items():
        if rows(f'SELECT count(*) FROM {table}') != number:
            fail(f'{table}: {rows(f"SELECT count(*) FROM {table}")} rows for {number} that families know of')
for failure in failures[:20]:
    print('FAILED', failure[:600])
told = ', '.join(f'{number} {what}' for what, number in counts.items())
print(f'{args.store}: {args.kills} kills, {told}; {time.monotonic() - began:.1f} s, {time.monotonic() - ready:.1f} s of them under load; {len(failures)} failed')
if not failures:
    shutil.rmtree(work, ignore_errors=True)
sys.exit(1 if failures else 0)

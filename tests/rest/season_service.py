"""A running service as the players of a made-up season ask it: officers by token, families signed in by a code to their phone."""
import atexit, http.client, json, os, re, signal, subprocess, sys, time


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'{" ".join(command[:3])}: {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


def account(where, name, role, *scope):
    """Makes one; its token."""
    catchmentd, store, keys, password = where
    if not os.path.exists(password):
        with open(password, 'w') as file:
            file.write('a password for a rehearsal\n')
    return run(catchmentd, 'account', '--token', '--store', store, '--keys', keys, '--name', name, '--role', role, '--password-file', password, *scope).split()[1]


class Service:
    def __init__(self, command, tokens, texts):
        self.tokens, self.texts, self.posts, self.sessions = tokens, texts, 0, {}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        found = re.search(r'http://([^/]+)/', self.process.stdout.readline())
        if not found:
            sys.exit('the service did not start')
        self.connection = http.client.HTTPConnection(found.group(1), timeout=120)

    def send(self, method, path, body, who, if_match):
        headers = {}
        if body is not None:
            headers['Content-Type'] = 'application/json'
        if method == 'POST':
            self.posts += 1
            headers['Idempotency-Key'] = f'key-{os.getpid()}-{self.posts}'
        if if_match:
            headers['If-Match'] = if_match
        if isinstance(who, str):
            headers['Authorization'] = 'Bearer ' + self.tokens[who]
        elif who:
            headers['Cookie'], headers['X-CSRF-Token'] = who['cookie'], who['csrf']
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        return answer, answer.read().decode()

    def call(self, method, path, body=None, who=None, if_match=None):
        """who: the name of an account, a family's session, or nobody."""
        answer, text = self.send(method, path, body, who, if_match)
        for _ in range(600):
            if answer.status != 503:
                break
            time.sleep(0.1)  # shed without having been begun: the machine has more to do
            answer, text = self.send(method, path, body, who, if_match)
        if answer.status == 401 and isinstance(who, dict):  # its session has ended
            who.update(self.sign_in(who['phone']))
            answer, text = self.send(method, path, body, who, if_match)
        return answer, (json.loads(text) if 'json' in answer.headers.get('Content-Type', '') and text else text)

    def ok(self, *a, **k):
        answer, body = self.call(*a, **k)
        if answer.status >= 300:
            sys.exit(f'{a[0]} {a[1]}: {answer.status} {json.dumps(body, ensure_ascii=False)}')
        return body

    def family(self, phone):
        if phone not in self.sessions:
            self.sessions[phone] = self.sign_in(phone)
        return self.sessions[phone]

    def sign_in(self, phone):
        before = os.path.getsize(self.texts) if os.path.exists(self.texts) else 0
        self.ok('POST', '/v1/guardians/codes', {'phone': phone})
        for _ in range(4000):
            if os.path.exists(self.texts) and os.path.getsize(self.texts) > before:
                line = open(self.texts).read().strip().split('\n')[-1]
                code = re.search(r'(\d{6})\s*$', line)
                if phone[-8:] in line.replace(' ', '') and code:
                    break
            time.sleep(0.002)
        else:
            sys.exit('no code was sent')
        answer, body = self.call('POST', '/v1/guardians/sessions', {'phone': phone, 'code': code.group(1)})
        if answer.status != 201:
            sys.exit(f'sign-in: {answer.status} {body}')
        return {'phone': phone, 'cookie': answer.headers['Set-Cookie'].split(';')[0], 'csrf': body['csrf']}

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(30):
            sys.exit('the service did not stop well')


def listed_json(service, district, stage=None):
    """Registrations of a district, page by page."""
    out, after = [], ''
    while after is not None:
        query = f'district={district}&limit=200' + (f'&stage={stage}' if stage else '') + (f'&after={after}' if after else '')
        page = service.ok('GET', '/v1/registrations?' + query, who=f'{district}-1')
        out += page['registrations']
        after = page.get('next')
    return out

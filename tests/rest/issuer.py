"""An identity provider of our own on the loopback, for tests: OpenID Connect, code flow with PKCE, RS256 by openssl.

`person` signs in at once, as if he had typed his password. `faults` makes it answer wrongly, once each time:
redirect, large, slow_down (503), no_token, other_nonce, other_audience, old, unsigned.
"""
import base64, hashlib, http.server, json, os, secrets, subprocess, tempfile, threading, time, urllib.parse

CLIENT, SECRET = 'catchment', 'a secret: of a test'


def plain(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


class Issuer:
    def __init__(self):
        self.person, self.second_factor, self.faults, self.codes, self.asked = 'person-1', True, [], {}, []
        self.folder = tempfile.mkdtemp(prefix='catchment-issuer-')
        self.key = os.path.join(self.folder, 'key.pem')
        subprocess.run(['openssl', 'genrsa', '-out', self.key, '2048'], check=True, capture_output=True)
        modulus = subprocess.run(['openssl', 'rsa', '-in', self.key, '-noout', '-modulus'], check=True, capture_output=True, text=True).stdout
        self.modulus = bytes.fromhex(modulus.strip().partition('=')[2])
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.answer(self, '')

            def do_POST(self):
                issuer.answer(self, self.rfile.read(int(self.headers['Content-Length'])).decode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_address[1]}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def write_file(self, path, redirect_uri, **more):
        with open(path, 'w') as file:
            json.dump({'issuer': self.url, 'client_id': CLIENT, 'client_secret': SECRET, 'redirect_uri': redirect_uri, **more}, file)
        return path

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def fault(self, *names):
        return self.faults.pop(0) if self.faults and self.faults[0] in names else ''

    def answer(self, request, body):
        path, _, query = request.path.partition('?')
        self.asked.append(path)
        given = dict(urllib.parse.parse_qsl(query or body))
        fault = self.fault('redirect', 'large', 'slow_down')
        if fault == 'redirect':
            return self.send(request, 302, {}, {'Location': self.url + '/.well-known/openid-configuration'})
        if fault == 'large':
            return self.send(request, 200, {'issuer': 'x' * 100_000})
        if fault == 'slow_down':
            return self.send(request, 503, {})
        if path == '/.well-known/openid-configuration':
            return self.send(request, 200, {'issuer': self.url, 'authorization_endpoint': self.url + '/authorize', 'token_endpoint': self.url + '/token',
                                            'jwks_uri': self.url + '/keys', 'authorization_response_iss_parameter_supported': True})
        if path == '/keys':
            return self.send(request, 200, {'keys': [{'kty': 'RSA', 'kid': 'k1', 'use': 'sig', 'alg': 'RS256', 'n': plain(self.modulus), 'e': 'AQAB'}]})
        if path == '/authorize':
            code = secrets.token_urlsafe(16)
            self.codes[code] = given
            back = urllib.parse.urlencode({'code': code, 'state': given['state'], 'iss': self.url, 'session_state': 'of its own'})
            return self.send(request, 302, {}, {'Location': given['redirect_uri'] + '?' + back})
        if path == '/token':
            return self.trade(request, given)
        self.send(request, 404, {})

    def trade(self, request, given):
        """A code is worth one token, to whom it was given and who has its verifier."""
        asked = self.codes.pop(given.get('code'), None)
        who = base64.b64encode(urllib.parse.quote(CLIENT, safe='').encode() + b':' + urllib.parse.quote(SECRET, safe='').encode()).decode()
        verified = asked and plain(hashlib.sha256(given['code_verifier'].encode()).digest()) == asked['code_challenge']
        if not verified or given['redirect_uri'] != asked['redirect_uri'] or request.headers['Authorization'] != 'Basic ' + who:
            return self.send(request, 400, {'error': 'invalid_grant'})
        fault = self.fault('no_token', 'other_nonce', 'other_audience', 'old', 'unsigned')
        now = int(time.time()) - (7200 if fault == 'old' else 0)
        claims = {'iss': self.url, 'sub': self.person, 'aud': 'somebody' if fault == 'other_audience' else CLIENT,
                  'nonce': 'another' if fault == 'other_nonce' else asked['nonce'], 'iat': now, 'exp': now + 300, 'amr': ['pwd', *(['otp'] if self.second_factor else [])]}
        self.send(request, 200, {'token_type': 'Bearer'} if fault == 'no_token' else {'token_type': 'Bearer', 'id_token': self.token(claims, fault == 'unsigned')})

    def token(self, claims, unsigned):
        covered = plain(json.dumps({'alg': 'RS256', 'kid': 'k1'}).encode()) + '.' + plain(json.dumps(claims).encode())
        signed = subprocess.run(['openssl', 'dgst', '-sha256', '-sign', self.key], input=covered.encode(), check=True, capture_output=True).stdout
        return covered + '.' + plain(bytes(len(signed)) if unsigned else signed)

    @staticmethod
    def send(request, status, body, headers=()):
        data = json.dumps(body).encode()
        request.send_response(status)
        for name, value in {'Content-Type': 'application/json', 'Content-Length': str(len(data)), **dict(headers)}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

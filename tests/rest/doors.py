"""What the tests of roles share: the service and the world behind it, who is signed in, roles.tsv, and the count of cells."""
import argparse, collections, json, os, sys, tempfile

from issuer import Issuer
from rehearsal import LEVEL, Service, World
from uploads import MAPPING

ap = argparse.ArgumentParser()
ap.add_argument('--build', required=True)
ap.add_argument('--pack', required=True)
ap.add_argument('--probes', type=int, default=2000)
ap.add_argument('--seed', type=int, default=1)
ap.add_argument('--record')
args = ap.parse_args()
here = os.path.dirname(os.path.abspath(__file__))

ROLES = ('anonymous', 'guardian', 'school', 'district', 'city', 'auditor', 'operator')
ABSENT = 'ZZZZZZZZ'
ONLINE = ('draft', 'registered', 'rejected', 'verified', 'withdrawn', 'chosen')


class Table:
    """roles.tsv."""

    def __init__(self, file):
        self.may, self.needs, self.answers = collections.defaultdict(list), collections.defaultdict(set), {}
        for line in open(file, encoding='utf-8'):
            if line.startswith('#') or not line.strip():
                continue
            kind, *cells = line.rstrip('\n').split('\t')
            if kind == 'may':
                for word in cells[2].split():
                    operation, _, states = word.partition(':')
                    for role in ROLES if cells[0] == 'everybody' else (cells[0],):
                        self.may[role, operation].append((cells[1], states.split(',') if states else None))
            elif kind == 'needs':
                self.needs[cells[0]] |= set(cells[1].split())
            else:
                pairs = [p.split(':') for p in cells[1].split()]
                self.answers[cells[0]] = {s: int(status) for status, states in pairs for s in states.split(',')}

    def operations(self):
        return {operation for _, operation in self.may}

    def verdict(self, role, operation, own, state=None):
        """None: he may. Else the status of why not."""
        lines = self.may.get((role, operation))
        if not lines:
            return 401 if role == 'anonymous' else 403
        mine = [states for whose, states in lines if whose == 'any' or own]
        if any(states is None or state in states for states in mine):
            return None
        told = own and any(whose == 'own' for whose, _ in lines) or role == 'city'  # that it is there; the city may see all
        return 409 if told else 404

    def answer(self, operation, state):
        told = self.answers[operation]
        return told.get(state, told.get('*'))


table = Table(os.path.join(here, 'roles.tsv'))
document = json.load(open(os.path.join(here, '../../server/api/openapi.json'), encoding='utf-8'))
operations = {o['operationId']: (method.upper(), path, o) for path, item in document['paths'].items() for method, o in item.items()}
if set(operations) != table.operations():
    sys.exit(f'roles.tsv and openapi.json name other operations: {set(operations) ^ table.operations()}')
of_registration = [name for name, (_, path, _) in operations.items() if path.startswith('/v1/registrations/{code}')]
if set(of_registration) != set(table.answers):
    sys.exit(f'answers of roles.tsv: {set(of_registration) ^ set(table.answers)}')

world = World(args.build, args.pack, tempfile.mkdtemp(prefix='catchment-roles-'))
ours, theirs = world.sides
issuer = Issuer()
os.makedirs(world.at('mappings'))
with open(world.at('mappings/zones.json'), 'w') as file:
    json.dump(MAPPING, file)
service = Service(world, '2024-03-01T08:00:00', open(args.record, 'w', encoding='utf-8') if args.record else None,
                  flags=('--mappings', world.at('mappings'), '--oidc', issuer.write_file(world.at('oidc.json'), 'https://catchment.example/v1/oidc/return')))
calendar = {l['level']: l for l in service.ok('GET', '/v1/calendar')['levels']}[LEVEL]
windows = {w['window']: w for w in calendar['windows']}
policy = service.ok('GET', '/v1/policy')
evidence, season = [e['id'] for e in policy['evidence']], policy['id']
cells, failures = collections.Counter(), []
sessions, actors, logged_in = {}, {}, {}  # by side; by role; by role, staff without a second factor
children = {}  # by state
opens = windows['online']['from']


def sign_everybody_in():
    for side in world.sides:
        sessions[side.number] = service.sign_in(side.phone)
    actors.update(anonymous=None, guardian=sessions[1], school=ours.clerk, district=ours.officers[0], city='city-1', auditor='auditor', operator='operator')


def at(when, hour=None):
    service.set_clock(when[:10] + hour if hour else when)
    sign_everybody_in()


def expect(cell, answer, status):
    cells['asked'] += 1
    if answer.status != status:
        failures.append(f'{cell}: {answer.status} instead of {status} {answer.body.decode()[:200]}')
    return answer.status == status


def phase(when, hour=None):
    """The clock goes on; sessions end meanwhile, so everybody signs in again."""
    at(when, hour)
    names = {'school': ours.clerk, 'district': ours.officers[0], 'city': 'city-1', 'auditor': 'auditor', 'operator': 'operator'}
    logged_in.update((role, service.log_in(name)) for role, name in names.items())


class Child:
    def __init__(self, side, record, code):
        self.side, self.record, self.code = side, record, code


# ---- What is not about one registration: own, foreign and absent requests by operation.
def try_operation(name, own=None, foreign=None, absent=None, success=200, only=ROLES):
    """Each of own, foreign, absent: (path, body). A denied foreign one must look as the absent one."""
    method = operations[name][0]
    ask_it = lambda who, at_, case='?case=matrix': service.call(method, at_[0] + ('' if '?' in at_[0] or not case else case), at_[1], who=who)
    for role in only:
        told = {}
        for whose, where in (('foreign', foreign), ('absent', absent), ('own', own)):
            if where is None:
                continue
            status = table.verdict(role, name, whose == 'own')
            allowed = status is None
            if allowed and whose == 'own' and role not in ('anonymous', 'guardian') and name in table.needs['factor']:
                expect(f'{role} {name} without second factor', ask_it(logged_in[role], where), 403)
            answer = ask_it(actors[role], where)
            if allowed:
                status = 404 if whose == 'absent' else 202 if name in table.needs['two'] else success
            expect(f'{role} {name} {whose}', answer, status)
            told[whose] = answer
            if role in ('guardian', 'school', 'district') and any(c.code.encode() in answer.body for s in children.values() for c in s if c.side is theirs):
                failures.append(f'{role} {name} {whose}: codes of the other side')
        if 'foreign' in told and 'absent' in told and table.verdict(role, name, False) is not None and told['foreign'].body != told['absent'].body:
            failures.append(f'{role} {name}: foreign {told["foreign"].body} absent {told["absent"].body}')

"""A made-up season's folder as its families play it through REST: when each acts, and what its papers say.

The times are those of datasets/season_input.cpp, whole seconds as there, so that what is played can be held against
`catchment season run` on the same folder, child by child. Nobody in it is real.
"""
import csv, datetime, hashlib, os

SECOND, HOUR = datetime.timedelta(seconds=1), datetime.timedelta(hours=1)
at = datetime.datetime.fromisoformat
yes = lambda text: text == 'yes'


def rows(folder, name):
    with open(os.path.join(folder, name), encoding='utf-8') as file:
        return list(csv.DictReader(file))


def seconds(delta):
    return delta.days * 86400 + delta.seconds


def share_of(begin, end, millionths):
    return begin + SECOND * (seconds(end - begin) * int(millionths) // 1_000_000)


def act_time(begin, end, daily, millionths):
    """So many millionths into a window, in its open hours; nothing: the family does not do it."""
    if millionths == '':
        return None
    t = share_of(begin, end, millionths)
    if not daily:
        return t
    minutes = lambda text: int(text[:2]) * 60 + int(text[3:])
    opens, closes = minutes(daily['from']), minutes(daily['to'])
    day = t.replace(hour=0, minute=0, second=0)
    t = day + SECOND * (opens * 60 + seconds(t - day) * ((closes - opens) * 60 - 1) // 86400)
    return min(max(t, begin), end)


def in_window(window, millionths):
    return act_time(at(window['from']), at(window['until']), window.get('daily'), millionths)


def acts_of(family, windows, steps):
    """Every act of one family as (time, what), answers to offers aside."""
    f, lock, deal = family, steps['lock'], steps['classes']
    registers, amends = in_window(windows['online'], f['registers']), in_window(windows['online'], f['amends'])
    if registers and amends and amends < registers:
        registers, amends = amends, registers
    chooses = in_window(windows['private_choice'], f['chooses']) if f['choice'] else None
    if chooses and registers:
        chooses = max(chooses, registers + datetime.timedelta(minutes=1))
    told = [(registers, 'register'), (amends, 'amend'), (in_window(windows['on_site'], f['on_site']), 'on-site'),
            (in_window(windows['late'], f['late']), 'late'), (chooses, 'choose'), (act_time(lock + HOUR, deal - HOUR, None, f['moves']), 'move'),
            (act_time(lock + HOUR, deal - HOUR, None, f['transfers']), 'transfer'), (in_window(windows['report'], f['reports']), 'report'),
            (act_time(steps['trace'] + HOUR, steps['close'] - HOUR, None, f['returns']), 'return')]
    return [(t, what) for t, what in told if t is not None]


def identity(i, born):
    """A number with a good check digit, of a region that does not exist."""
    digits = f'0000{i // 1000:02d}' + born.replace('-', '') + f'{i % 1000:03d}'
    total = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)))
    return digits + '10X98765432'[total % 11]


def phone_of(family):
    return f'+999{int(family["family"]):08d}'


def record(i, c, f, evidence, sibling=None):
    here, elsewhere = 'here', 'elsewhere'
    groups = [g for g in c['groups'].split(';') if g] + (['migrant'] if yes(c['migrant']) else [])
    facts = {
        'groups': groups, 'disability': c['disability'] if c['disability'] in ('mild', 'moderate', 'severe') else 'none',
        'hukou_in_city': yes(f['hukou']), 'hukou_urban': yes(f['hukou']), 'hukou_with': f['hukou_with'] or 'other',
        'hukou_since_birth': yes(f['hukou_since_birth']), 'hukou_district': c['district'] if yes(f['hukou']) else elsewhere,
        'hukou_address': here if yes(f['hukou_here']) else elsewhere, 'hukou_zone': here if yes(f['hukou_here']) else elsewhere,
        'residence_district': c['district'], 'residence_address': here, 'residence_zone': here, 'residence_rural': False,
        'parents_in_city': True, 'lives_with': ['parents'] + (['grandparents'] if f['hukou_with'] == 'grandparents' else []),
        'property_addresses': [here] if yes(f['property']) else [],
        'grandparents_property_addresses': [here] if yes(f['grandparents_property']) else [],
        'permit_holder': f['permit'] or 'none', 'permit_district': c['district'], 'permit_valid_until': '2024-12-31',
        'residence_months': int(f['residence_months'] or 0), 'lawful_work': yes(f['lawful_work']), 'lawful_home': yes(f['lawful_home']),
        'primary_graduation_year': 2024, 'primary_school': 'primary', 'primary_district': c['district'], 'primary_in_city': True,
        'deferred_last_year': False, 'applied_anew': False, 'deferral_requested': c['placement'] == 'deferred',
        'needs_home_care': c['disability'] == 'home_care', 'evidence': evidence,
    }
    out = {
        'level': c['stage'], 'district': c['district'],
        'child': {'name': f'合成孩子{f["namesake"] or "-" + str(i)}', 'document': {'type': 'resident_id', 'number': identity(i, c['birth_date'])},
                  'birth_date': c['birth_date'], 'sex': c['sex'], 'nationality': 'chinese'},
        'guardian': {'name': f'合成家长{f["family"]}', 'relation': 'mother', 'phone': phone_of(f)},
        'home': {'zone_id': c['zone_id'] or 'none', 'x_m': int(f['x_m']), 'y_m': int(f['y_m'])}, 'facts': facts,
    }
    if sibling:
        out['sibling'] = sibling
    return out


def office(c, f, claim=True):
    """What the bureau finds of it."""
    found = {'granted': yes(f['granted']), 'deferred': c['placement'] == 'deferred', 'needs': c['placement'] == 'mainstream' and c['disability'] != ''}
    if c['disability'] and c['placement'] not in ('', 'deferred'):
        found['placement'] = c['placement']
    if yes(c['own_plan']):
        found['own_plan'] = True
    if f['claim'] and claim:
        found['claim'] = {'school_id': f['claim'], 'way': f['claim_way']}
    priority = {k: f[k] for k in ('hukou_since', 'property_since', 'permit_since') if f[k]}
    priority['points'] = int(f['points'] or 0)
    return {'office': found, 'priority': priority}


def ceremony(seed, of):
    """Dice and numbers of datasets/season_input.cpp, synthetic_ceremony()."""
    digest = hashlib.sha256(f'{of} {seed}'.encode()).digest()
    dice = {f'synthetic-{i + 1}': ''.join(str(digest[i * 4 + d] % 10) for d in range(4)) for i in range(6)}
    secret = lambda who: hashlib.sha256(f'{who} {seed}'.encode()).hexdigest()
    return {'dice': dice, 'notary': secret('notary'), 'bureau': secret('bureau')}


def heads(school, classes):
    """Codes of head teachers, as there."""
    codes = []
    while len(codes) < classes:
        digest = hashlib.sha256(f'head {school} {len(codes)}'.encode()).digest()
        codes.append(''.join('0123456789ABCDEFGHJKMNPQRSTVWXYZ'[digest[k] % 32] for k in range(8)))
    return codes


def write_with_codes(folder, out, codes, handed_in, sibling):
    """The same season with the codes that the service gave, children in the order in which they were handed in, beside
    the siblings they were handed in with; whoever was not handed in comes last, and keeps its own."""
    os.makedirs(out, exist_ok=True)
    first = {i: n for n, i in enumerate(handed_in)}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding='utf-8', newline='') as file:
            head, *table = csv.reader(file)
        if name in ('children.csv', 'families.csv', 'truth.csv'):
            for i, row in enumerate(table):
                own = row[0] = codes[i] if i in first else row[0]
                unit = codes[sibling[i]] if i in first else own
                for column, text in (('unit', unit), ('bundle_id', unit if unit != own else '')):
                    if column in head:
                        row[head.index(column)] = text
            table = [table[i] for i in sorted(range(len(table)), key=lambda i: (first.get(i, len(table)), i))]
        with open(os.path.join(out, name), 'w', encoding='utf-8', newline='') as file:
            csv.writer(file, lineterminator='\n').writerows([head, *table])

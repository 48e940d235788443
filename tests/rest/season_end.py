"""What must hold of a season that was played through REST, once it is over; see season.py."""
import collections, csv, hashlib, itertools, json, os, re, subprocess, sys

from season_service import listed_json, run

FILES = ('manifest.txt', 'roll.tsv', 'pupils.tsv', 'heads.tsv', 'deal.tsv', 'ceremony.txt', 'result.tsv')
OPEN = ('enrolled', 'dropout_ledger', 'deferred', 'withdrawn', 'draft', 'no_show')
# The fields of a child's line of the state that `season run` tells of it, by column of its outcomes.csv.
TOLD = {'stage': 2, 'school_id': 4, 'way': 7, 'clause': 8, 'reason': 9, 'rank': 10, 'metres': 14, 'wanted': 15, 'class': 16, 'ticket': 17,
        'entered_by': 19, 'tier': 20, 'key_0': 21, 'key_1': 22, 'key_2': 23, 'key_3': 24, 'key_4': 25, 'zone_school': 29}


def state_of(service, levels):
    return {level: service.ok('GET', f'/v1/seasons/{level}/state', who='auditor') for level in levels}


def digest(states):
    return hashlib.sha256(''.join(states[level] for level in sorted(states)).encode()).hexdigest()


def lines_of(state, kind):
    return [line.split('\t') for line in state.split('\n') if line.startswith(kind + '\t')]


def hold_seats(s):
    seats, stages, seen = collections.Counter(), collections.Counter(), set()
    for r in (r for d in s['districts'] for r in listed_json(s['service'], d)):
        if r['code'] in seen:
            sys.exit('a code came twice')
        seen.add(r['code'])
        stages[r['level'], r['stage']] += 1
        if r.get('seat'):
            seats[r['level'], r['seat']] += 1
    unsettled = {k: n for k, n in stages.items() if k[1] not in OPEN}
    if unsettled:
        sys.exit(f'not settled: {unsettled}')
    for level in s['levels']:
        for row in s['service'].ok('GET', f'/v1/seats/{level}', who='city-1')['seats']:
            if row['taken'] != seats[level, row['school']] or row['free'] < 0:
                sys.exit(f'seats of {row["school"]}: {row} but {seats[level, row["school"]]} children')
    return seats, stages


def hold_draws(s):
    """Every draw verifies in both programs; how many units of more than one child were drawn."""
    draws, bundles = s['service'].ok('GET', '/v1/draws')['draws'], 0
    for d in draws:
        folder = os.path.join(s['work'], 'draws', d['id'])
        os.makedirs(folder, exist_ok=True)
        for name in s['service'].ok('GET', f'/v1/draws/{d["id"]}')['files']:
            text = s['service'].ok('GET', f'/v1/draws/{d["id"]}/files/{name}')
            with open(os.path.join(folder, name), 'w', newline='') as file:
                file.write(text)
            if name in ('roll.tsv', 'pupils.tsv'):
                bundles += sum(line.split('\t')[0] != line.split('\t')[1] for line in text.strip().split('\n'))
        run(s['catchment'], 'draw', 'verify', folder)
        run(sys.executable, os.path.join(os.path.dirname(__file__), '..', '..', 'viewer', 'verify', 'verify.py'), folder)
    return draws, bundles


def hold_journal(service):
    size = service.ok('GET', '/v1/journal', who='auditor')
    chained, number = b'\0' * 32, 1
    while number <= size['size']:
        for line in service.ok('GET', f'/v1/journal?from={number}', who='auditor')['lines']:
            chained = hashlib.sha256(chained + line['line'].encode()).digest()
            if chained.hex() != line['hash'] or re.search(r'合成|0000\d{12}', line['line']):
                sys.exit(f'journal line {number}')
            number += 1
    if chained.hex() != size['hash']:
        sys.exit('the journal does not end where it says')
    return size['size']


def hold_audits(service):
    audits = service.ok('GET', '/v1/audits', who='auditor')['audits']
    for a in audits:  # a window that the pack leaves open is the season's own, and no audit's
        a['breaches'] = [b for b in a['breaches'] if a['audit'] != 'windows' or ', on_site:' not in b['message']]
    print('audits:', dict(collections.Counter(a['verdict'] for a in audits)))
    return [a for a in audits if a['breaches'] and a['verdict'] == 'broken']


def hold_broken_against_the_tool(s, broken, out):
    """A made-up season may break a rule, as its children are made up: then it does in the batch too, and in nothing else."""
    told = os.path.join(s['work'], 'audits.json')
    subprocess.run([s['catchment'], 'audit', '--season', out, '--policy', s['pack'], '--json', told], capture_output=True, check=False)
    with open(told, encoding='utf-8') as file:
        also = {a['audit'] for a in json.load(file)['audits'] if a['verdict'] == 'broken'}
    alone = [a for a in broken if a['audit'] not in also]
    if alone:
        sys.exit(f'audits {[a["audit"] for a in alone]}: {json.dumps(alone, ensure_ascii=False)[:3000]}')
    print('audits broken in the batch too:', sorted({a['audit'] for a in broken}))


def hold_what_occurred(s, states, bundles):
    events = collections.Counter(line[3] for level in s['levels'] for line in lines_of(states[level], 'event'))
    counts = {'private choices': events['choose_private'], 'private draws': s['counts']['draw private'], 'won': s['counts']['won'], 'lost': s['counts']['lost'],
              'private seats taken': events['confirm'] + events['pay'], 'forfeited': events['forfeit'], 'passed on': events['promote'],
              'overflow': sum(len(lines_of(states[level], 'overflow')) for level in s['levels']), 'dealt into classes': events['deal_class'],
              'head teachers drawn': s['counts']['draw heads'], 'twins drawn together': bundles}
    seated = {line[1]: line for level in s['levels'] for line in lines_of(states[level], 'child')}
    losers = {line[4] for level in s['levels'] for line in lines_of(states[level], 'event') if line[3] == 'end_line'}
    counts['losers with a public seat'] = sum(seated[code][4] != '-' and seated[code][7] not in ('draw', 'wish') for code in losers)
    print('occurred:', counts)
    missing = [name for name, n in counts.items() if n == 0 and (name != 'head teachers drawn' or s['draws_heads'])]
    if missing:  # codes are drawn anew in every run, and so is who wins
        print('never occurred:', missing)
        if s['whole']:
            sys.exit(1)


def hold_against_the_tool(s, states):
    """`catchment season run` on the same children, with the rolls that were published."""
    again, out = os.path.join(s['work'], 'again'), os.path.join(s['work'], 'run')
    s['write_with_codes'](s['world'], again, s['codes'], s['handed_in'], s['sibling'])
    run(s['catchment'], 'season', 'run', again, '--policy', s['pack'], '-o', out, '--draws', os.path.join(s['work'], 'draws'))
    run(s['catchment'], 'season', 'check', out)
    with open(os.path.join(out, 'outcomes.csv'), encoding='utf-8') as file:
        told = {row['child_id']: row for row in csv.DictReader(file)}
    differ, same = [], 0
    for level in s['levels']:
        for line in lines_of(states[level], 'child'):
            row = told[line[1]]
            for column, at in TOLD.items():
                if column.startswith('key_') and line[19] == 'none':
                    continue  # whoever may not enter is ranked by nobody
                here = '' if line[at] == '-' or (column == 'ticket' and not line[at].strip('0')) else line[at]
                if here != row[column]:
                    differ.append((level, line[1], column, here, row[column]))
            same += 1
    draws = 0
    for folder in sorted(os.listdir(os.path.join(s['work'], 'draws'))):
        draws += 1
        for name in FILES:
            both = [os.path.join(base, folder, name) for base in (os.path.join(s['work'], 'draws'), os.path.join(out, 'draws'))]
            texts = [open(path, encoding='utf-8', newline='').read() if os.path.exists(path) else None for path in both]
            if texts[0] != texts[1]:
                differ.append((folder, name))
    if differ:
        sys.exit(f'{len(differ)} differ from season run: {differ[:12]}' + ''.join(str([l for l in states[d[0]].splitlines() if d[1] in l][:40]) + str(told[d[1]]) for d in differ if d[0] in states))
    print(f'season run: {same} children with the same outcome, {draws} draws with the same bytes')
    return out


def hold(s):
    service = s['service']
    seats, stages = hold_seats(s)
    draws, bundles = hold_draws(s)
    lines = hold_journal(service)
    states = state_of(service, s['levels'])
    print(f'{len(s["codes"])} of {len(s["children"])} children registered; {sum(seats.values())} seats; {len(draws)} draws verified in two programs; {lines} journal lines')
    print('done:', dict(s['counts']))
    print('refused:', dict(s['refused']))
    print('stages:', {f'{level} {stage}': n for (level, stage), n in sorted(stages.items())})
    hold_what_occurred(s, states, bundles)
    broken = hold_audits(service)
    hold_broken_against_the_tool(s, broken, hold_against_the_tool(s, states))
    before = digest(states)
    service.stop()
    print(run(s['catchmentd'], 'verify', s['store']).strip())
    backup, other = os.path.join(s['work'], 'backup'), 'sqlite:' + os.path.join(s['work'], 'restored.db')
    run(s['catchmentd'], 'backup', '--store', s['store'], backup)
    run(s['catchmentd'], 'restore', backup, '--store', other)
    for name, store in (('restarted', s['store']), ('restored', other)):
        again = s['start'](store, s['now'].isoformat())
        now = state_of(again, s['levels'])
        if digest(now) != before:
            other = [(level, a, b) for level in s['levels']
                     for a, b in itertools.zip_longest(states[level].splitlines(), now[level].splitlines()) if a != b]
            sys.exit(f'{name}, the season is another one in {len(other)} lines: {other[:3]}')
        again.stop()
    print(f'state {before} before, restarted and restored')

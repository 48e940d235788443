"""Registrations as http_load asks for them: a line of the mix, and a row a child. Nobody in them is real."""
import datetime, json, os

from rehearsal import identity


def other_region(digits, region):
    """The number under another region that does not exist."""
    body = f'8{region:05d}' + digits[6:17]
    total = sum(int(d) * w for d, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)))
    return body + '10X98765432'[total % 11]


def write_registrations(world, service, folder, guardians, most):
    """Number, birth date, cookie and token of its guardian. The names of both files."""
    side = world.sides[0]
    signed = [service.sign_in(f'+99970200{i:04d}') for i in range(guardians)]
    record = world.record(side, [e['id'] for e in service.ok('GET', '/v1/policy')['evidence']])
    record['child'].update(name='synthetic child {1}', birth_date='{2}')
    record['child']['document']['number'] = '{1}'
    line = '1 POST /v1/registrations Content-Type:application/json Idempotency-Key:{n} Cookie:{3} X-CSRF-Token:{4} < '
    requests, rows = os.path.join(folder, 'requests'), os.path.join(folder, 'rows')
    with open(requests, 'w') as file:
        file.write(line + json.dumps(record, ensure_ascii=False) + '\n')
    first = datetime.date(2011, 9, 1)
    days = [(first + datetime.timedelta(days=d)).isoformat() for d in range(360)]
    with open(rows, 'w') as file:
        for n in range(most):
            number = n + 10_000
            born, who = days[number // 1000 % 360], signed[n % len(signed)]
            digits = identity(number, born)
            if number >= 360_000:
                digits = other_region(digits, number // 360_000)
            file.write(f'{digits}\t{born}\t{who["cookie"]}\t{who["csrf"]}\n')
    return requests, rows

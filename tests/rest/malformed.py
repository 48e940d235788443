"""Bodies that a schema of openapi.json refuses, made from one that it takes: each breaks one rule at one place. And hostile ones, which
no parser may be kept busy by."""
import json

WRONG = {'string': 17, 'integer': 'seventeen', 'boolean': 'yes', 'array': 'a list', 'object': 'an object'}


def follow(document, schema):
    while '$ref' in schema:
        node = document
        for part in schema['$ref'][2:].split('/'):
            node = node[part]
        schema = node
    return schema


def fits(document, schema, value):
    """Which alternative of several it is: by its members."""
    return isinstance(value, dict) and set(value) <= set(follow(document, schema).get('properties', {}))


def broken(document, schema, value, place='#'):
    """(which rule where, the value without it)"""
    schema = follow(document, schema)
    if 'oneOf' in schema:
        schema = next(follow(document, s) for s in schema['oneOf'] if fits(document, s, value))
    kind = schema.get('type')
    if kind:
        yield f'{place} type', WRONG[kind]
        yield f'{place} null', None
    if 'enum' in schema:
        yield f'{place} enum', 'none of them'
    if kind == 'string':
        if schema.get('minLength', 0) > 0:
            yield f'{place} minLength', ''
        if 'maxLength' in schema:
            yield f'{place} maxLength', '1' * (schema['maxLength'] + 1)
        if 'pattern' in schema:
            yield f'{place} pattern', 'not\u4e2d'
    if kind == 'integer':
        yield f'{place} fraction', 1.5
        yield f'{place} minimum', schema.get('minimum', -2**80) - 1
        yield f'{place} maximum', schema.get('maximum', 2**80) + 1
        yield f'{place} 2^32 more', value + 2**32
        yield f'{place} 2^64 more', value + 2**64
    if kind == 'array':
        yield f'{place} items', [{}]
        yield f'{place} null item', [None]
    if kind == 'object':
        if schema.get('additionalProperties') is False:
            yield f'{place} unknown member', {**value, 'unknown_member': 1}
        for name in schema.get('required', ()):
            yield f'{place} without {name}', {k: v for k, v in value.items() if k != name}
        for name, inner in schema.get('properties', {}).items():
            if name in value:
                for rule, wrong in broken(document, inner, value[name], f'{place}/{name}'):
                    yield rule, {**value, name: wrong}


def hostile(good):
    """(what it is, bytes); none may be taken. `good`: an object."""
    text = json.dumps(good)
    first = next(iter(good), 'a')
    inside = lambda value: (text[:-1] + (', ' if good else '') + f'"unknown_member": {value}' + '}').encode()
    yield '1 MB of [', b'[' * 1_000_000
    yield '1 MB of {"a":', b'{"a":' * 200_000
    yield 'brackets closed', b'[' * 400_000 + b']' * 400_000
    yield 'nested in a member', inside('[' * 400_000 + ']' * 400_000)
    yield 'a member twice', (text[:-1] + (', ' if good else '') + f'{json.dumps(first)}: 1, {json.dumps(first)}: 1' + '}').encode()
    yield 'a member twice, once escaped', inside('1, "\\u0075nknown_member": 1')
    yield 'NaN', inside('NaN')
    yield 'Infinity', inside('-Infinity')
    yield '1e999', inside('1e999')
    yield 'a number of 500,000 digits', inside('9' * 500_000)
    yield 'a text of 900,000 bytes', inside('"' + 'x' * 900_000 + '"')
    yield 'a name of 900,000 bytes', (text[:-1] + (', ' if good else '') + '"' + 'x' * 900_000 + '": 1}').encode()
    yield 'sixty thousand members', (text[:-1] + ''.join(f', "m{n}": 1' for n in range(60_000)).lstrip(', ' if not good else '') + '}').encode()
    yield 'as many objects as there is room for', inside('[' + '{},' * 300_000 + '{}]')
    yield 'as many texts as there is room for', inside('[' + '"",' * 300_000 + '""]')
    yield 'as many members as there is room for', (text[:-1] + (', ' if good else '') + ','.join(f'"{n:05x}":0' for n in range(80_000)) + '}').encode()
    for name, bytes_ in {'overlong': b'\xc0\x80', 'surrogate': b'\xed\xa0\x80', 'above U+10FFFF': b'\xf4\x90\x80\x80', 'GBK': b'\xb0\xa1', 'cut': b'\xe5\xad'}.items():
        yield f'bad UTF-8: {name}', inside('"?"').replace(b'?', bytes_)
    yield 'half a surrogate pair', inside('"\\ud83c"')
    yield 'NUL', text.encode() + b'\0'
    yield 'UTF-16', text.encode('utf-16')
    yield 'a comment', b'/* */' + text.encode()
    yield 'two values', text.encode() * 2
    yield 'cut short', text.encode()[:-1]
    yield 'nothing', b''
    yield 'white space', b' ' * 900_000
    yield 'a scalar', b'1'
    yield 'null', b'null'

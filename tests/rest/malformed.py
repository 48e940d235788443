"""Bodies that a schema of openapi.json refuses, made from one that it takes: each breaks one rule at one place."""

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

"""A file of zones as an office uploads it, and the mapping that reads it."""

MAPPING = {'description': 'Zones of a rehearsal',
           'targets': [{'table': 'zone', 'columns': {'id': 'id', 'name': 'name', 'stage': {'constant': '{stage}'}, 'school_year': {'constant': 2031}, 'schools': {'field': 'schools', 'split': ';'}}}],
           'variables': ['stage']}


def zones_around(service, step=0.01):
    """Two squares around a school: one of it, one of a school that is to come; and a zone without a shape."""
    school = service.ok('GET', '/v1/schools')['features'][0]
    x, y = school['geometry']['coordinates'][:2]
    square = lambda d: {'type': 'Polygon', 'coordinates': [[[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]]]}
    feature = lambda name, schools, shape: {'type': 'Feature', 'properties': {'id': name, 'name': name, 'schools': schools}, 'geometry': shape}
    return {'type': 'FeatureCollection', 'features': [feature('U1', school['properties']['school_id'], square(step)), feature('U2', 'S-NEW', square(2 * step)), feature('U3', '', None)]}

import { expect, test } from 'vitest';
import { changesOf, queryOf, sourceOf, typeOf, type Looked, type TableChanges } from './imports';

test('a file is sent as what its name says it is, and nothing else is taken', () => {
  expect(typeOf('区划 2026.GeoJSON')).toBe('application/geo+json');
  expect(typeOf('zones.gpkg')).toBe('application/geopackage+sqlite3');
  expect(typeOf('zones.shp.zip')).toBe('application/zip');
  expect(typeOf('zones.xlsx')).toBe('');
  expect(typeOf('geojson.')).toBe('');
});
test('how it is to be read goes into the address, each value as it is', () => {
  const how = {
    mapping: 'zones',
    source: '教育局 2026',
    crs: '',
    variables: { year: '2026', stage: 'primary' },
  };
  const query = new URLSearchParams(queryOf(how));
  expect(query.get('source')).toBe('教育局 2026');
  expect(query.get('set')).toBe('year=2026,stage=primary');
  expect(query.has('crs')).toBe(false);
  expect(new URLSearchParams(queryOf({ ...how, crs: 'EPSG:4490', variables: {} })).has('set')).toBe(false);
});
test('rows are named after the file, and only what differs is a change', () => {
  expect(sourceOf('zones.2026.geojson')).toBe('zones.2026');
  const table = {
    added: 2,
    changed: 1,
    removed: 3,
    unchanged: 9,
    read: 12,
    refused: 1,
    passed: 0,
  } as TableChanges;
  expect(changesOf({ tables: [table, { ...table, added: 0, changed: 0, removed: 0 }] } as Looked)).toBe(6);
});

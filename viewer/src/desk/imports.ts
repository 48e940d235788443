// Uploads, after server/api/openapi.json: a file is looked into, and what that told is confirmed with the same file.
import { fetchJson } from '../api';
import { csrfHeaders, read } from '../calls';

export interface Mapping {
  name: string;
  description: string;
  tables: string[];
  variables: string[]; // each needs a value
  has_positions: boolean; // the reference system must be said
}
export interface TableChanges {
  table: string;
  read: number;
  passed: number;
  refused: number;
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  added_ids: string[];
  changed_ids: string[];
  removed_ids: string[];
}
export interface Finding {
  layer: string;
  row: number;
  table: string;
  field?: string;
  code: string;
  reason: string;
}
export interface Looked {
  source: string;
  sha256: string;
  digest: string;
  crs: string;
  crs_check?: string;
  tables: TableChanges[];
  findings_total: number;
  findings: Finding[];
}
export interface Confirmed extends Looked {
  package: { file: string; sha256: string; bytes: number; served: false };
}
// How a file is to be read.
export interface Reading {
  mapping: string;
  source: string;
  crs: string; // '' : nothing of it has a position
  variables: Record<string, string>;
}

const TYPES: Record<string, string> = {
  geojson: 'application/geo+json',
  json: 'application/geo+json',
  gpkg: 'application/geopackage+sqlite3',
  zip: 'application/zip',
  csv: 'text/csv',
};
export const MOST_BYTES = 16 * 1024 * 1024;
export const ACCEPTED = Object.keys(TYPES)
  .map((end) => `.${end}`)
  .join(',');
// By the file's name; '' for what is not taken.
export const typeOf = (name: string) => TYPES[name.toLowerCase().split('.').at(-1) ?? ''] ?? '';
// A name for the file's rows: that of the file, without its ending.
export const sourceOf = (name: string) => name.replace(/\.[^.]*$/, '').slice(0, 20);

export function queryOf(how: Reading): string {
  const query = new URLSearchParams({ mapping: how.mapping, source: how.source });
  if (how.crs) query.set('crs', how.crs);
  const set = Object.entries(how.variables).map(([name, value]) => `${name}=${value}`);
  if (set.length > 0) query.set('set', set.join(','));
  return query.toString();
}
export const changesOf = (looked: Looked) =>
  looked.tables.reduce((sum, t) => sum + t.added + t.changed + t.removed, 0);

async function sendFile<T>(method: 'POST' | 'PUT', path: string, file: File, how: Reading): Promise<T> {
  const headers = { Accept: 'application/json', 'Content-Type': typeOf(file.name), ...csrfHeaders() };
  return (await fetchJson(`${path}?${queryOf(how)}`, { method, headers, body: file })).body as T;
}

export const getMappings = async () => (await read<{ mappings: Mapping[] }>('/v1/imports/mappings')).mappings;
export const lookInto = (file: File, how: Reading) => sendFile<Looked>('POST', '/v1/imports', file, how);
export const confirm = (digest: string, file: File, how: Reading) =>
  sendFile<Confirmed>('PUT', `/v1/imports/${digest}`, file, how);

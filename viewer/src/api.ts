// The only door to the service. Types follow server/api/openapi.json.

export type Stage = 'primary' | 'junior' | 'senior';
export type Status = 'inside' | 'boundary' | 'overlap' | 'outside';
export type Bounds = [west: number, south: number, east: number, north: number];

export interface LayerKey {
  layer: string;
  stage: Stage;
  school_year: number;
  kind: string;
}
export interface Layer extends LayerKey {
  zones: number;
  bounds: Bounds;
  tiles: string;
}
export interface Campus {
  id: string;
  name: string;
  lon: number;
  lat: number;
}
export interface School {
  id: string;
  name: string;
  campuses: Campus[];
}
export interface Notice {
  id: string;
  title: string;
  bureau: string;
  published: string;
  url: string;
}
export interface ZoneName {
  id: string;
  name: string;
}
export interface MatchedZone extends ZoneName {
  schools: School[];
  notice: Notice | null;
  margin_m: number;
  across: ZoneName[];
}
export interface LayerMatch extends LayerKey {
  status: Status;
  zones: MatchedZone[];
  nearest: MatchedZone[];
  reason: string;
}
export interface Lookup {
  point: Position;
  error_m: number;
  layers: LayerMatch[];
}

export type AddressLevel = 'door' | 'interpolated' | 'estate' | 'street' | 'community' | 'district' | 'city';
export type FoundStatus = 'definite' | 'choose' | 'interpolated' | 'street_only' | 'unknown';
export type MatchStatus = 'definite' | 'household_dependent' | 'boundary' | 'undetermined' | 'no_zone';
export type Mode = 'direct' | 'choice' | 'lottery' | 'overflow' | 'temporary_host' | 'coordinated' | 'joint';
export type HouseholdKind =
  | 'local_hukou'
  | 'urban_hukou'
  | 'non_urban_hukou'
  | 'hukou_residence'
  | 'native_villager'
  | 'collective_hukou'
  | 'employee_child'
  | 'migrant_child'
  | 'military_child'
  | 'renter'
  | 'police_district'
  | 'other';

export interface Suggestion {
  text: string;
  highlights: [begin: number, end: number][]; // in code points
  level: AddressLevel;
  entry: string | null;
  point: Position | null;
}
export interface Candidate {
  text: string;
  level: AddressLevel;
  entry: string | null;
  point: Position | null;
  error_m: number;
}
export interface FoundAddress {
  status: FoundStatus;
  candidates: Candidate[];
}
export interface Question {
  kind: HouseholdKind;
  who: string;
}
export interface Condition extends Question {
  holds: boolean;
}
export interface Evidence {
  school: string;
  level: 'denial' | 'number' | 'estate' | 'restricted_community' | 'community' | 'polygon';
  effect: 'allow' | 'deny' | 'undetermined';
  overridden: boolean;
  notice: Notice | null;
  row: string;
  place: string;
  campus: string;
  quote: string;
  zone: string;
  margin_m: number | null;
  feeder: string;
}
export interface SchoolAnswer extends School {
  mode: Mode;
  mode_unsure: boolean;
  mode_doubts: string[];
  depends_on: Condition[];
  evidence: Evidence[];
}
export interface SchoolMatch extends LayerKey {
  status: MatchStatus;
  reason: string;
  phone: string;
  point: Position | null;
  error_m: number;
  schools: SchoolAnswer[];
  against: Evidence[];
  questions: Question[];
  asks_for_primary_school: boolean;
}
export interface Match {
  address: FoundAddress | null;
  layers: SchoolMatch[];
}
export interface Crossings {
  trunk_road: number;
  rail: number;
  river: number;
}
export interface SchoolWalk {
  school: string;
  way: 'walked' | 'straight' | 'too_far' | 'unreachable' | 'off_network' | 'none';
  campus: string;
  distance_m: number | null;
  crossings: Crossings;
  line: { type: 'LineString'; coordinates: [lon: number, lat: number][] } | null;
}
export interface SeatWarning {
  kind: string;
  level_name?: string | null;
  school: string;
  stage: Stage;
  school_year: number;
}
export interface SchoolName {
  id: string;
  name: string;
}
// Where a child lives: a text, or an address chosen from a list.
export interface Home {
  text: string;
  entry: string | null;
}

export interface Version {
  name: string;
  version: string;
  city: string;
  attribution: string;
  synthetic: boolean;
  oidc: boolean;
}
export interface TileSource {
  tiles: string[];
  minzoom: number;
  maxzoom: number;
  bounds: Bounds;
}
export interface Position {
  lon: number;
  lat: number;
}

// What an answer says beside its code: its status (0: none came), the clause it rests on, and when to come again.
export interface Refused {
  status: number;
  clause: string;
  retryAfterS: number | null;
}

// code is the service's stable word, or 'unreachable' when no answer came.
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly field: string | undefined,
    message: string,
    readonly refused: Refused = { status: 0, clause: '', retryAfterS: null },
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface Problem {
  code?: string;
  field?: string;
  detail?: string;
  clause?: string;
}

// The body of an answer, parsed; null of one without a body. Throws ApiError for whatever is no answer, and the abort.
export async function fetchJson(
  path: string,
  init: RequestInit,
): Promise<{ status: number; body: unknown; etag: string }> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError('unreachable', undefined, String(error));
  }
  if (response.status === 204) return { status: 204, body: null, etag: '' };
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    const problem = (body ?? {}) as Problem;
    const seconds = Number(response.headers.get('Retry-After') ?? NaN);
    throw new ApiError(problem.code ?? 'unreachable', problem.field, problem.detail ?? response.statusText, {
      status: response.status,
      clause: problem.clause ?? '',
      retryAfterS: Number.isFinite(seconds) ? seconds : null,
    });
  }
  return { status: response.status, body, etag: response.headers.get('ETag') ?? '' };
}

const get = async <T>(path: string, signal?: AbortSignal) =>
  (await fetchJson(path, { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) }))
    .body as T;

export const getVersion = (signal?: AbortSignal) => get<Version>('/v1/version', signal);

// Where a published copy of the city lies beside this page, in which an address is looked up without being sent; '' if none.
export const getOfflineCopy = async (signal?: AbortSignal) =>
  (await get<{ at: string }>('/offline.json', signal)).at;

export const getLayers = async (signal?: AbortSignal) =>
  (await get<{ layers: Layer[] }>('/v1/layers', signal)).layers;

export function lookUp(at: Position, layer: string, errorM: number, signal?: AbortSignal): Promise<Lookup> {
  const query = new URLSearchParams({ lon: String(at.lon), lat: String(at.lat), layer });
  if (errorM > 0) query.set('error_m', String(errorM));
  return get<Lookup>(`/v1/lookup?${query}`, signal);
}

export const suggest = async (typed: string, signal?: AbortSignal) =>
  (
    await get<{ suggestions: Suggestion[] }>(
      `/v1/addresses/suggest?${new URLSearchParams({ q: typed })}`,
      signal,
    )
  ).suggestions;

// household: as the service takes it, "urban_hukou=yes,military_child=no"; empty: nothing known.
export function matchSchools(
  home: Home,
  layer: string,
  household: string,
  primarySchool: string,
  signal?: AbortSignal,
): Promise<Match> {
  const query = new URLSearchParams({ layer });
  if (home.entry === null) query.set('address', home.text);
  else query.set('entry', home.entry);
  if (household) query.set('household', household);
  if (primarySchool) query.set('primary_school', primarySchool);
  return get<Match>(`/v1/match?${query}`, signal);
}

export const getWalk = (from: Position, school: string, signal?: AbortSignal) =>
  get<SchoolWalk>(
    `/v1/walk?${new URLSearchParams({ lon: String(from.lon), lat: String(from.lat), school })}`,
    signal,
  );

// Those the bureau has published; none where the service keeps no season.
export async function getSeatWarnings(
  stage: Stage,
  year: number,
  signal?: AbortSignal,
): Promise<SeatWarning[]> {
  try {
    const query = new URLSearchParams({ stage, school_year: String(year) });
    return (await get<{ warnings: SeatWarning[] }>(`/v1/warnings?${query}`, signal)).warnings;
  } catch (error) {
    if (error instanceof ApiError) return [];
    throw error;
  }
}

interface SchoolFeature {
  properties: { school_id: string; name: string; stages: Stage[] };
}
// Schools that teach the primary stage, by name.
export async function getPrimarySchools(signal?: AbortSignal): Promise<SchoolName[]> {
  const { features } = await get<{ features: SchoolFeature[] }>('/v1/schools', signal);
  const names = new Map<string, string>();
  for (const { properties } of features) {
    if (properties.stages.includes('primary')) names.set(properties.school_id, properties.name);
  }
  return [...names].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'));
}

// The tiles are this service's, whatever it is called in the TileJSON; the map's worker needs whole addresses.
export async function getTileSource(layer: Layer, signal?: AbortSignal): Promise<TileSource> {
  const source = await get<TileSource>(layer.tiles, signal);
  return {
    ...source,
    tiles: source.tiles.map((tiles) => location.origin + tiles.replace(/^https?:\/\/[^/]+/, '')),
  };
}

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
export interface Version {
  name: string;
  version: string;
  city: string;
  attribution: string;
  synthetic: boolean;
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

// code is the service's stable word, or 'unreachable' when no answer came.
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly field: string | undefined,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('unreachable', undefined, String(error));
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    const problem = (body ?? {}) as { code?: string; field?: string; detail?: string };
    throw new ApiError(problem.code ?? 'unreachable', problem.field, problem.detail ?? response.statusText);
  }
  return body as T;
}

export const getVersion = (signal?: AbortSignal) => get<Version>('/v1/version', signal);

export const getLayers = async (signal?: AbortSignal) =>
  (await get<{ layers: Layer[] }>('/v1/layers', signal)).layers;

export function lookUp(at: Position, layer: string, errorM: number, signal?: AbortSignal): Promise<Lookup> {
  const query = new URLSearchParams({ lon: String(at.lon), lat: String(at.lat), layer });
  if (errorM > 0) query.set('error_m', String(errorM));
  return get<Lookup>(`/v1/lookup?${query}`, signal);
}

// Addresses in the TileJSON are relative to the service; the map's worker needs them whole.
export async function getTileSource(layer: Layer, signal?: AbortSignal): Promise<TileSource> {
  const source = await get<TileSource>(layer.tiles, signal);
  return { ...source, tiles: source.tiles.map((path) => location.origin + path) };
}

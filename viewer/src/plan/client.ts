// A planner's calls to the service, after server/api/openapi.json.
import { ApiError, type Position, type Stage } from '../api';
import { csrfHeaders, read, send } from '../calls';
import type { Change } from './scenario';

export type PlanState = 'draft' | 'consulting' | 'approved' | 'published';
export interface PlanRow {
  number: number;
  name: string;
  district: string; // empty: the city's
  base: string;
  base_year: number;
  state: PlanState;
  version: number;
  created: string;
  changed: string;
}
export interface Plan extends PlanRow {
  scenario: Change[];
}
export interface Kept {
  plan: Plan;
  etag: string;
}
export interface Unit {
  unit: string;
  name: string;
  schools: string[]; // several: any of them may be chosen
  kind?: 'shared' | 'transition';
  children: number; // who enter in the year shown
  locked?: { reason: string; owner: string };
}
export type Ring = [lon: number, lat: number][];
export interface MultiPolygon {
  type: 'MultiPolygon';
  coordinates: Ring[][];
}
export interface UnitFeature {
  type: 'Feature';
  properties: Unit;
  geometry: MultiPolygon | null;
}
export type Known = number | 'unknown';
export interface SchoolLoad {
  school: string;
  name: string;
  units: number;
  children: number; // who live in its zone and enter
  seats: Known;
  demand: Known; // who come, mean of the draws
  over_probability: Known;
}
export interface LiveIndicator {
  id: string;
  primary?: (number | null)[]; // by year
  junior?: (number | null)[];
}
export interface Live {
  version: number;
  school_years: number[];
  indicators: LiveIndicator[];
  schools: SchoolLoad[];
  units: (Unit & { geometry?: MultiPolygon })[];
  gone: string[];
}
export interface Meaning {
  id: string;
  unit: string;
  better: 'lower' | 'higher';
  meaning: string;
  meaning_zh: string;
}
export interface Finding {
  kind: string;
  breaks: boolean;
  stage: Stage;
  from_year: number;
  to_year: number;
  units: string[];
  schools: string[];
  addresses: number;
  message: string;
}
export interface UnitMove {
  unit: string;
  stage: Stage;
  from_year: number;
  to_year: number;
  from: string[];
  to: string[];
}
export interface YearMoves {
  stage: Stage;
  school_year: number;
  units: number;
  addresses: number;
  households: Known;
  children: number;
  walk_mean_before_m: Known;
  walk_mean_after_m: Known;
  farther_500_m: number;
  nearer_500_m: number;
}
export interface PairMoves {
  stage: Stage;
  school_year: number;
  from: string[];
  to: string[];
  units: number;
  addresses: number;
  households: Known;
  children: number;
}
export interface Comparison {
  before: number | null;
  after: number;
  indicators: (Meaning & {
    values: {
      stage: Stage;
      school_year: number;
      plans: { value: Known; against_in_force: string; remark?: string }[];
    }[];
  })[];
  moves: { years: YearMoves[]; schools_moved_between: PairMoves[]; units: UnitMove[] };
  certificate: { holds: boolean; findings: Finding[] };
}
export interface PlanSchool {
  id: string;
  name: string;
  ownership: string;
  stages: Stage[];
  campuses: { id: string; at: Position }[];
}
export interface Comment {
  number: number;
  unit: string;
  at: string;
  text?: string;
  answer?: string;
  answered?: string;
}
export interface Comments {
  state: PlanState;
  unanswered: number;
  comments: Comment[];
}
export interface Step {
  state: string;
  version: number;
  at: string;
  by?: string;
}
export interface Forecast {
  school: string;
  name: string;
  stage: Stage;
  school_year: number;
  demand: { mean: number; median: number; low: number[]; high: number[] };
  seats: Known;
  classes: Known;
}

const at = (number: number) => `/v1/plans/${number}`;
const when = (stage: Stage, year: number) => `stage=${stage}&school_year=${year}`;

export async function getPlans(signal?: AbortSignal): Promise<PlanRow[]> {
  const rows: PlanRow[] = [];
  for (let after = 0; ;) {
    const page = await read<{ plans: PlanRow[]; next?: number }>(
      `/v1/plans?limit=200&after=${after}`,
      signal,
    );
    rows.push(...page.plans);
    if (page.next === undefined) return rows.sort((a, b) => b.number - a.number);
    after = page.next;
  }
}
export const createPlan = async (name: string, district: string, scenario: Change[] = []) =>
  (await send<Plan>('POST', '/v1/plans', { name, district, scenario })).body;
export async function getPlan(number: number, signal?: AbortSignal): Promise<Kept> {
  const { body, etag } = await send<Plan>('GET', at(number), undefined, { signal });
  return { plan: body, etag };
}
export async function savePlan(
  number: number,
  etag: string,
  name: string,
  scenario: readonly Change[],
): Promise<Kept> {
  const answer = await send<Plan>('PUT', at(number), { name, scenario }, { etag });
  return { plan: answer.body, etag: answer.etag };
}
export const deletePlan = (number: number, etag: string) =>
  send<null>('DELETE', at(number), undefined, { etag });

export const getUnits = async (number: number, stage: Stage, year: number, signal?: AbortSignal) =>
  (
    await read<{ features: UnitFeature[] }>(
      `${at(number)}/units.geojson${year ? `?${when(stage, year)}` : `?stage=${stage}`}`,
      signal,
    )
  ).features;
export const tryChanges = async (
  number: number,
  changes: readonly Change[],
  stage: Stage,
  year: number,
  signal?: AbortSignal,
) =>
  (
    await send<Live>(
      'POST',
      `${at(number)}/live`,
      { changes, show: { stage, school_year: year } },
      { signal },
    )
  ).body;
export const getMeanings = async (number: number) =>
  (await send<{ indicators: Meaning[] }>('POST', `${at(number)}/evaluate`, {})).body.indicators;
export const compare = (number: number, other: number | null, signal?: AbortSignal) =>
  read<Comparison>(`${at(number)}/comparison${other === null ? '' : `?with=${other}`}`, signal);
export const getCertificate = (number: number, signal?: AbortSignal) =>
  read<{ holds: boolean; findings: Finding[] }>(`${at(number)}/certificate`, signal);
export const getComments = (number: number, signal?: AbortSignal) =>
  read<Comments>(`${at(number)}/comments`, signal);
export const putComment = async (number: number, unit: string, text: string) =>
  (await send<Comment>('POST', `${at(number)}/comments`, { unit, text })).body;
export const answerComment = async (number: number, comment: number, text: string) =>
  (await send<Comment>('PUT', `${at(number)}/comments/${comment}/answer`, { text })).body;
export const getSteps = async (number: number, signal?: AbortSignal) =>
  (await read<{ steps: Step[] }>(`${at(number)}/steps`, signal)).steps;
// True: it went on; false: a second person must want it, too.
export const advancePlan = async (number: number, to: PlanState, version: number) =>
  (await send<unknown>('POST', `${at(number)}/advance`, { to, version })).status === 200;
export const publishPlan = (number: number) => send<unknown>('POST', `${at(number)}/publish`, {});
export const getForecasts = async (school: string, stage: Stage, signal?: AbortSignal) =>
  (
    await read<{ forecasts: Forecast[] }>(
      `/v1/seat-forecasts?${new URLSearchParams({ school, stage })}`,
      signal,
    )
  ).forecasts;

// A text of the plan, such as its statement. Throws as fetchJson does.
export async function getText(number: number, path: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(`${at(number)}/${path}`, {
    headers: csrfHeaders(),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError('unreachable', undefined, String(error));
  });
  if (response.ok) return response.text();
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  throw new ApiError(problem.code ?? 'unreachable', undefined, problem.detail ?? '', {
    status: response.status,
    clause: '',
    retryAfterS: Number(response.headers.get('Retry-After') ?? NaN) || null,
  });
}
export const exportAddress = (number: number, format: string) =>
  `${at(number)}/export?${new URLSearchParams({ format })}`;

interface SchoolFeature {
  properties: {
    school_id: string;
    id: string; // of the campus
    name: string;
    ownership: string;
    stages: Stage[];
  };
  geometry: { coordinates: [number, number] };
}
export async function getSchools(signal?: AbortSignal): Promise<Map<string, PlanSchool>> {
  const { features } = await read<{ features: SchoolFeature[] }>('/v1/schools', signal);
  const schools = new Map<string, PlanSchool>();
  for (const { properties: p, geometry } of features) {
    const school = schools.get(p.school_id) ?? {
      id: p.school_id,
      name: p.name,
      ownership: p.ownership,
      stages: p.stages,
      campuses: [],
    };
    school.campuses.push({
      id: p.id,
      at: { lon: geometry.coordinates[0], lat: geometry.coordinates[1] },
    });
    schools.set(p.school_id, school);
  }
  return schools;
}
export interface District {
  id: string;
  name: string;
}
export const getDistricts = async (signal?: AbortSignal): Promise<District[]> => {
  const policy = await read<{ districts: District[] }>('/v1/policy', signal);
  return [...new Map(policy.districts.map((d) => [d.id, d])).values()];
};

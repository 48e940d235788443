// A family's calls to the service, after server/api/openapi.json.
import type { Stage } from '../api';
import { keepCsrf, read, send } from '../calls';

export type Level = 'primary' | 'junior';
export type ChildStage =
  | 'draft'
  | 'registered'
  | 'rejected'
  | 'verified'
  | 'private_choice'
  | 'waiting'
  | 'drawn'
  | 'confirmed'
  | 'forfeited'
  | 'lost'
  | 'public_pool'
  | 'offered'
  | 'locked'
  | 'transferred'
  | 'in_class'
  | 'enrolled'
  | 'no_show'
  | 'dropout_ledger'
  | 'deferred'
  | 'withdrawn';
export type WindowName = 'online' | 'on_site' | 'late' | 'private_choice' | 'confirm' | 'accept' | 'report';

export interface Clause {
  id: string;
  title: string;
  section: string;
  document: string;
}
export interface Reason {
  title: string;
  en: string;
  clause: Clause | null;
}
export type Verdict =
  'eligible' | 'not_yet' | 'deferred' | 'not_here' | 'not_eligible' | 'needs_review' | 'undetermined';
export interface Eligibility {
  verdict: Verdict;
  category?: string;
  tier?: string;
  route: string;
  missing_evidence: string[][]; // of each list one paper is enough
  to_verify: string[];
  missing_facts: string[];
  reasons: Reason[];
}
export interface FamilyRecord {
  level: Level;
  district: string;
  child: {
    name: string;
    document: { type: string; number: string };
    birth_date?: string;
    sex: string;
    nationality: string;
  };
  guardian: { name: string; relation: string; phone: string };
  home: { address_id: string } | { zone_id: string; x_m: number; y_m: number };
  sibling?: string;
  facts: Record<string, unknown>;
}
export interface RegistrationLine {
  code: string;
  level: Level;
  district: string;
  channel: string;
  stage: ChildStage;
  version: number;
  created: string;
  changed: string;
  choice?: string;
  seat?: string;
  answer_by?: string;
}
export interface SeatAnswer {
  way: string;
  reason: string;
  rank?: number;
  metres?: number;
  wanted?: string;
  class?: number;
  clause: Clause | null;
}
export interface Registration extends RegistrationLine {
  record: FamilyRecord;
  eligibility: Eligibility;
  answer?: SeatAnswer;
}
export interface HistoryLine {
  at: string;
  event: string;
  school?: string;
  clause?: Clause | null;
}
export interface Opener {
  at: string;
  role: string;
  who: string;
  action: string;
  case: string;
}
export interface Letter {
  code: string;
  level: Level;
  school: string;
  school_name: string;
  class?: number;
  clause?: Clause | null;
  report: { from: string; until: string };
  check_in_code: string;
  check_in_key: string;
}
export interface Policy {
  id: string;
  name: string;
  en: string;
  school_year: number;
  levels: Level[];
  districts: { level: Level; id: string; name: string }[];
  documents: {
    id: string;
    title: string;
    issuer: string;
    clauses: { id: string; section: string; title: string }[];
  }[];
  evidence: { id: string; title: string; en: string }[];
  draws: { level: Level; suite: 'sha256' | 'sm3' }[];
  phones: { unit: string; consult: string; report: string }[];
}
export interface Window {
  window: WindowName;
  from: string;
  until: string; // its last second
  daily?: { from: string; to: string };
}
export type StepName =
  'claims' | 'draw' | 'zones' | 'points' | 'overflow' | 'lock' | 'classes' | 'trace' | 'close';
export interface LevelCalendar {
  level: Level;
  windows: Window[];
  steps: Record<StepName, string>;
}
export interface Calendar {
  now: string;
  rehearsal: boolean;
  levels: LevelCalendar[];
}
export interface SchoolChoice {
  id: string;
  name: string;
  ownership: string;
  stages: Stage[];
}

const at = (code: string) => `/v1/registrations/${encodeURIComponent(code)}`;

// Must one wait before signing in? before_you and wait_s say how long, wait_s 0: not known; again_s when to ask again.
export interface Door {
  open: boolean;
  opens_at?: string;
  before_you: number;
  wait_s: number;
  again_s: number;
}
export const getDoor = (signal?: AbortSignal) => read<Door>('/v1/door', signal);

export const sendCode = (phone: string) => send<{ sent: boolean }>('POST', '/v1/guardians/codes', { phone });

export async function enter(phone: string, code: string): Promise<void> {
  keepCsrf((await send<{ csrf: string }>('POST', '/v1/guardians/sessions', { phone, code })).body.csrf);
}
// True: the browser's cookie is a family's session that still holds.
export async function resume(): Promise<boolean> {
  const found = await read<{ role: string; csrf?: string }>('/v1/sessions/current');
  keepCsrf(found.csrf ?? '');
  return found.role === 'guardian' && Boolean(found.csrf);
}
export async function leave(): Promise<void> {
  await send<null>('DELETE', '/v1/sessions/current');
  keepCsrf('');
}

// Levels in the order in which a child passes through them.
const ORDER: Level[] = ['primary', 'junior'];
const byLevel = (a: Level, b: Level) => ORDER.indexOf(a) - ORDER.indexOf(b);
export async function getPolicy(signal?: AbortSignal): Promise<Policy> {
  const policy = await read<Policy>('/v1/policy', signal);
  return { ...policy, levels: [...policy.levels].sort(byLevel) };
}
export async function getCalendar(signal?: AbortSignal): Promise<Calendar> {
  const calendar = await read<Calendar>('/v1/calendar', signal);
  return { ...calendar, levels: [...calendar.levels].sort((a, b) => byLevel(a.level, b.level)) };
}
export const judge = async (record: FamilyRecord, signal?: AbortSignal) =>
  (await send<Eligibility>('POST', '/v1/eligibility', record, { signal })).body;

export async function getRegistrations(signal?: AbortSignal): Promise<RegistrationLine[]> {
  const lines: RegistrationLine[] = [];
  for (let after = ''; ;) {
    const query = after ? `?after=${encodeURIComponent(after)}` : '';
    const page = await read<{ registrations: RegistrationLine[]; next?: string }>(
      `/v1/registrations${query}`,
      signal,
    );
    lines.push(...page.registrations);
    if (!page.next) return lines;
    after = page.next;
  }
}
export const getRegistration = async (code: string, signal?: AbortSignal) => {
  const { body, etag } = await send<Registration>('GET', at(code), undefined, { signal });
  return { registration: body, etag };
};
export const getHistory = async (code: string, signal?: AbortSignal) =>
  (await read<{ history: HistoryLine[] }>(`${at(code)}/history`, signal)).history;
export const getOpeners = async (code: string, signal?: AbortSignal) =>
  (await read<{ openers: Opener[] }>(`${at(code)}/openers`, signal)).openers;
export const getLetter = (code: string, signal?: AbortSignal) => read<Letter>(`${at(code)}/notice`, signal);

export const saveNew = async (record: FamilyRecord) =>
  (await send<Registration>('POST', '/v1/registrations', record)).body;
export const saveAgain = async (code: string, etag: string, record: FamilyRecord) =>
  (await send<Registration>('PUT', at(code), record, { etag })).body;
export type Act = 'submit' | 'withdraw' | 'confirm' | 'accept';
export const act = async (code: string, what: Act) =>
  (await send<Registration>('POST', `${at(code)}/${what}`, {})).body;
export const choose = async (code: string, school: string) =>
  (await send<Registration>('POST', `${at(code)}/choose`, { school })).body;

interface SchoolFeature {
  properties: { school_id: string; name: string; ownership: string; stages: Stage[] };
}
// Every school once, by name.
export async function getSchools(signal?: AbortSignal): Promise<SchoolChoice[]> {
  const { features } = await read<{ features: SchoolFeature[] }>('/v1/schools', signal);
  const found = new Map<string, SchoolChoice>();
  for (const { properties: p } of features)
    found.set(p.school_id, { id: p.school_id, name: p.name, ownership: p.ownership, stages: p.stages });
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'));
}

// The words of a saved home, by the door nearest to it; empty where none is known.
export async function getHomeText(addressId: string, signal?: AbortSignal): Promise<string> {
  const match = await read<{ layers: { point: { lon: number; lat: number } | null }[] }>(
    `/v1/match?${new URLSearchParams({ entry: addressId })}`,
    signal,
  );
  const point = match.layers.find((layer) => layer.point)?.point;
  if (!point) return '';
  const query = new URLSearchParams({ lon: String(point.lon), lat: String(point.lat) });
  const near = await read<{ address: { text: string; entry: string } | null }>(
    `/v1/addresses/nearest?${query}`,
    signal,
  );
  return near.address?.entry === addressId ? near.address.text : '';
}

// The bureau's calls, after server/api/openapi.json. Whoever opens a child's record says for which case.
import { ApiError } from '../api';
import { read, send } from '../calls';
import type {
  Calendar,
  ChildStage,
  Clause,
  Eligibility,
  FamilyRecord,
  HistoryLine,
  Letter,
  Level,
  Opener,
  Policy,
  Registration,
  RegistrationLine,
  SchoolChoice,
} from '../family/client';
import { getSchools } from '../family/client';
import type { Role } from '../staff/client';

export type {
  Calendar,
  ChildStage,
  Clause,
  Eligibility,
  HistoryLine,
  Letter,
  Level,
  Opener,
  Policy,
  Registration,
  RegistrationLine,
  SchoolChoice,
};
export { getSchools };

export const STEPS = [
  'claims',
  'private',
  'forfeit',
  'promote',
  'end_lines',
  'pool',
  'zones',
  'points',
  'overflow',
  'lapse',
  'lock',
  'absent',
  'close',
] as const;
export type Step = (typeof STEPS)[number];
export type StageCounts = Partial<Record<ChildStage, number>>;
export interface Season {
  level: Level;
  now: string;
  stages: StageCounts;
  steps: Step[];
  taken?: Partial<Record<Step, string>>; // when each was taken last
}
export interface SeatRow {
  school: string;
  district: string;
  private: boolean;
  plan: number;
  extra: number;
  taken: number;
  free: number;
  classes: number;
  class_cap: number;
}
export type DrawKind = 'private' | 'lots' | 'classes';
export interface DrawRow {
  id: string;
  level: Level;
  kind: DrawKind;
  school: string; // '' : of the level
  state: 'frozen' | 'dice' | 'concluded';
  applicants: number;
  seats: number;
  frozen_at: string;
  concluded_at?: string;
}
export interface Draw extends DrawRow {
  files: string[];
  suite: 'sha256' | 'sm3';
  hashes: Record<string, string>;
}
export interface Ceremony {
  dice: Record<string, string>;
  notary: string;
  bureau: string;
}
export interface NewDraw {
  level: Level;
  kind: DrawKind;
  school?: string;
  commitments?: { notary: string; bureau: string };
  ceremony?: string;
  place?: string;
}
export interface Audit {
  audit: string;
  item: string;
  title: string;
  clause: Clause | null;
  verdict: string;
  reason: string;
  breaches: { table: string; row: string; message: string }[];
}
export interface JournalPage {
  size: number;
  hash: string;
  from: number;
  lines: { line: string; hash: string }[];
}
export interface JournalProof {
  number: number;
  size: number;
  root: string;
  path: string[];
}
export interface Warning {
  kind: string;
  level?: string | null;
  school: string;
  stage: 'primary' | 'junior' | 'senior';
  school_year: number;
  message?: unknown;
  published?: string;
}
export interface Forecast {
  school: string;
  name: string;
  stage: Warning['stage'];
  school_year: number;
  demand: { mean: number; median: number; low: number[]; high: number[] };
  seats: number | null;
  classes: number | null;
  warnings: unknown[];
  published?: string;
}
export const LEDGERS = ['school-age', 'suspected', 'dropout', 'groups', 'exceptions'] as const;
export type LedgerKind = (typeof LEDGERS)[number];
// Which of these a line has depends on the ledger.
export interface LedgerLine {
  code?: string;
  level?: Level;
  district?: string;
  school?: string; // '' : no seat
  groups?: string[];
  state?: string;
  done?: string[];
  due?: string[];
  group?: string;
  care?: boolean;
  lacks?: string[];
  kind?: string;
  subject?: string; // a child or a class
  figure?: number;
  approval?: string;
}
export interface Ledger {
  ledger: LedgerKind;
  size: number;
  from: number;
  lines: LedgerLine[];
  next?: number;
}
export interface ExportFile {
  file: string;
  columns: string[]; // that are filled in
  about_people: boolean;
}
export interface Account {
  number: number;
  name: string;
  role: Role;
  districts: string[];
  schools: string[];
  second_factor: boolean;
  disabled: boolean;
  version: number;
}
export interface AccountFacts {
  name: string;
  role: Role;
  districts: string[];
  schools: string[];
}
export interface Verification {
  office?: {
    granted: boolean;
    deferred: boolean;
    needs: boolean;
    placement?: 'mainstream' | 'special_school' | 'home_teaching';
    own_plan?: boolean;
    claim?: { school_id: string; way: string };
  };
  priority?: { hukou_since?: string; property_since?: string; permit_since?: string; points?: number };
}
export interface OfficeRecord extends FamilyRecord {
  office?: Verification['office'];
  priority?: Verification['priority'];
}

// What an act of two persons answers: the first one asked and nothing was done yet, or it is done.
export type Two<T> = { waiting: true } | { waiting: false; done: T };
async function withTwo<T>(method: 'POST' | 'PUT', path: string, body?: unknown): Promise<Two<T>> {
  const { status, body: answer } = await send<T>(method, path, body);
  return status === 202 ? { waiting: true } : { waiting: false, done: answer };
}

const query = (parameters: Record<string, string | number | undefined>) => {
  const given = Object.entries(parameters).filter(([, v]) => v !== undefined && v !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([k, v]) => [k, String(v)]))}`;
};
const at = (code: string, part = '', reason = '') =>
  `/v1/registrations/${encodeURIComponent(code)}${part}${query({ case: reason })}`;

export const getPolicy = () => read<Policy>('/v1/policy');
export const getCalendar = () => read<Calendar>('/v1/calendar');
export const getSeason = (level: Level) => read<Season>(`/v1/seasons/${level}`);
export const takeStep = async (level: Level, step: Step) =>
  withTwo<{ stages: StageCounts }>('POST', `/v1/seasons/${level}/steps`, { step });

export interface Filter {
  district?: string;
  school?: string;
  level?: string;
  stage?: string;
  after?: string;
  limit?: number;
}
export const getRegistrations = (filter: Filter) =>
  read<{ registrations: RegistrationLine[]; next?: string }>(`/v1/registrations${query({ ...filter })}`);
export async function openRegistration(code: string, reason: string) {
  const { body, etag } = await send<Registration>('GET', at(code, '', reason));
  return { registration: body, etag };
}
export const getHistory = async (code: string, reason: string) =>
  (await read<{ history: HistoryLine[] }>(at(code, '/history', reason))).history;
export const getOpeners = async (code: string) =>
  (await read<{ openers: Opener[] }>(at(code, '/openers'))).openers;
export const getLetter = (code: string, reason: string) => read<Letter>(at(code, '/notice', reason));
export const verify = async (code: string, reason: string, found: Verification) =>
  (await send<RegistrationLine>('POST', at(code, '/verify', reason), found)).body;
export type OfficeAct = 'reject' | 'on-site' | 'late' | 'withdraw' | 'report';
export const act = async (code: string, what: OfficeAct, reason: string) =>
  (await send<RegistrationLine>('POST', at(code, `/${what}`, reason), {})).body;
export const recordPayment = async (code: string, receipt: string) =>
  (await send<RegistrationLine>('POST', at(code, '/payment'), { receipt })).body;
export const releaseSeat = (code: string, reason: string) =>
  withTwo<RegistrationLine>('POST', at(code, '/release', reason), {});
export const transferSeat = (code: string, reason: string, school: string) =>
  withTwo<RegistrationLine>('POST', at(code, '/transfer', reason), { school });
// A seat given by hand to a child of the public pool, by a clause of the policy pack.
export const placeByHand = (code: string, reason: string, school: string, clause: string) =>
  withTwo<RegistrationLine>('POST', at(code, '/place', reason), { school, clause });

export const getSeats = async (level: Level) =>
  (await read<{ seats: SeatRow[] }>(`/v1/seats/${level}`)).seats;
export const approveExtra = (level: Level, school: string, seats: number) =>
  withTwo<{ extra: number }>('POST', `/v1/seats/${level}/${encodeURIComponent(school)}/extra`, { seats });
export const getClasses = async (level: Level, school: string) =>
  (
    await read<{ pupils: { code: string; class: number }[] }>(
      `/v1/classes/${level}/${encodeURIComponent(school)}`,
    )
  ).pupils;

const drawAt = (id: string) => `/v1/draws/${encodeURIComponent(id)}`;
export const getDraws = async () => (await read<{ draws: DrawRow[] }>('/v1/draws')).draws;
export const getDraw = (id: string, signal?: AbortSignal) => read<Draw>(drawAt(id), signal);
export const fileUrl = (id: string, name: string) => `${drawAt(id)}/files/${encodeURIComponent(name)}`;
export const freezeRoll = async (draw: NewDraw) =>
  (await send<{ draws: DrawRow[] }>('POST', '/v1/draws', draw)).body.draws;
export const typeDice = (id: string, ceremony: Ceremony) =>
  send<DrawRow>('POST', `${drawAt(id)}/ceremony`, ceremony);
export const finalise = (id: string) => withTwo<DrawRow>('POST', `${drawAt(id)}/finalise`, {});

export const getAudits = () => read<{ policy: string; audits: Audit[] }>('/v1/audits');
// district, school: '' for all that one may see.
export interface RowsOf {
  district: string;
  school: string;
}
export const getLedger = (kind: LedgerKind, of: RowsOf, from: number, limit: number, reason: string) =>
  read<Ledger>(`/v1/ledgers/${kind}${query({ ...of, from, limit, case: reason })}`);
export const getExports = async (of: RowsOf) =>
  (await read<{ files: ExportFile[] }>(`/v1/exports${query({ ...of })}`)).files;
export const exportUrl = (file: string, of: RowsOf) =>
  `/v1/exports/${encodeURIComponent(file)}${query({ ...of })}`;
export const getJournal = (from: number) => read<JournalPage>(`/v1/journal?from=${from}`);
export const getProof = (number: number) => read<JournalProof>(`/v1/journal/${number}/proof`);
export const getWarnings = async () => (await read<{ warnings: Warning[] }>('/v1/warnings')).warnings;
export const getForecasts = async (school: string) =>
  (await read<{ forecasts: Forecast[] }>(`/v1/seat-forecasts${query({ school })}`)).forecasts;
export const publish = (w: Pick<Warning, 'school' | 'stage' | 'school_year'>) =>
  send<Forecast>('POST', '/v1/warnings/publications', w);
export const getAccounts = async () => (await read<{ accounts: Account[] }>('/v1/accounts')).accounts;
export const createAccount = (facts: AccountFacts & { password: string }) =>
  withTwo<Account>('POST', '/v1/accounts', facts);
export const changeAccount = (number: number, facts: AccountFacts & { disabled: boolean }) =>
  withTwo<Account>('PUT', `/v1/accounts/${number}`, facts);
export const setClock = (now: string) => send<{ now: string }>('PUT', '/v1/clock', { now });
// A file of a draw's proof, as it is. Throws ApiError as every call does.
export async function getFile(id: string, name: string): Promise<string> {
  const response = await fetch(fileUrl(id, name)).catch((error: unknown) => {
    throw new ApiError('unreachable', undefined, String(error));
  });
  if (!response.ok) throw new ApiError('file_unknown', undefined, response.statusText);
  return response.text();
}

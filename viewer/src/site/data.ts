// What site/city.js gives the page; server/publish/site_data.cpp writes it. Positions are whole 1e-7 degrees, paths steps of
// `step` such units from one point to the next.
import type { Notice, SchoolMatch, Stage } from '../api';

export type At = [lon: number, lat: number];

export interface Campus {
  id: string;
  name: string;
  at: At;
}
export interface Plan {
  stage: Stage | '';
  classes: number | null;
  seats: number | null;
}
export interface School {
  id: string;
  name: string;
  stages: Stage[];
  status: 'open' | 'planned' | 'closed';
  ownership: 'public' | 'private';
  campuses: Campus[];
  plan: Plan[];
}
export interface Zone {
  id: string;
  name: string;
  schools: string[];
  colour: number;
  label: At | null;
  rings: number[][];
}
export interface NoticeLine {
  school: string;
  campus: string;
  zone: string;
  words: string;
}
export interface Move {
  before: string[];
  after: string[];
  sure: boolean;
  addresses: number;
  ranges: string[];
}
export interface ClauseChange {
  change: 'added' | 'removed' | 'reworded' | 'moved';
  school: string;
  from_school: string;
  before: string;
  after: string;
}
export interface Changes {
  before: string;
  addresses: number;
  moves: Move[];
  words_compared: boolean;
  clauses: ClauseChange[];
}
export interface Layer {
  layer: string;
  file: string;
  stage: Stage;
  school_year: number;
  kind: string;
  zones: Zone[];
  notice: (Notice & { phone: string }) | null;
  printed: boolean;
  lines: NoticeLine[];
  changes: Changes | null;
}
export interface Line {
  name: string;
  kind: string;
  path: number[];
}
export interface BacktestRow {
  ahead: number;
  group: string;
  model: { n: number; mape: number; mae: number };
  coverage: [number, number, number];
  baselines: { baseline: string; verdict: string; errors: { n: number; mae: number } }[];
}
export interface Backtest {
  first_origin: number;
  last_origin: number;
  rows: BacktestRow[];
}
// An answer as the service gives it, without what the address has to itself.
export type Answer = Omit<
  SchoolMatch,
  'layer' | 'stage' | 'school_year' | 'kind' | 'point' | 'error_m' | 'questions' | 'asks_for_primary_school'
>;
export interface City {
  format: 1;
  city: string;
  school_year: number;
  synthetic: boolean;
  attribution: string;
  date: string;
  approval_no: string;
  step: number;
  atlas: boolean;
  schools: School[];
  layers: Layer[];
  lines: Line[];
  names: string[];
  look_up: { bits: number; addresses: number; folds: Record<string, string> };
  backtest: Backtest | null;
  downloads: { file: string; bytes: number }[];
  answers: Answer[];
}

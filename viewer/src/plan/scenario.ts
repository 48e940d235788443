// The changes of a plan as the service takes them (datasets/policy/plan_scenario.schema.json), and what is made of them
// before they are sent. Lists of changes are never altered, so that undoing is keeping the one before.
import type { Stage } from '../api';

export type Place = [lon: number, lat: number];
export type Change =
  | {
      change: 'reassign_units';
      stage: Stage;
      from_year: number;
      units: string[];
      school: string;
      note?: string;
    }
  | {
      change: 'move_boundary';
      stage: Stage;
      from_year: number;
      left: string;
      right: string;
      line: Place[];
      split?: boolean;
      note?: string;
    }
  | {
      change: 'draw_polygon';
      stage: Stage;
      from_year: number;
      school: string;
      polygon: Place[];
      split?: boolean;
      note?: string;
    }
  | { change: 'split_unit'; unit: string; line?: Place[]; polygon?: Place[]; note?: string }
  | { change: 'merge_units'; units: string[]; id?: string; note?: string }
  | {
      change: 'open_school';
      school: string;
      name?: string;
      stages: Stage[];
      from_year: number;
      gates: Place[];
      rooms: number;
      note?: string;
    }
  | { change: 'close_school'; school: string; from_year: number; units_to?: string; note?: string }
  | { change: 'merge_school'; school: string; into: string; from_year: number; note?: string }
  | { change: 'lock_units'; units: string[]; reason: string; owner: string; note?: string }
  | { change: 'unlock_units'; units: string[]; note?: string }
  | { change: OtherKind; [key: string]: unknown };
// Kinds this page shows and keeps, but does not make.
export type OtherKind =
  | 'move_school'
  | 'change_rooms'
  | 'change_class_cap'
  | 'change_grades'
  | 'add_housing'
  | 'delay_housing'
  | 'declare_zone';
export type Kind = Change['change'];

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

// What follows `saved` in `all`; null if it does not begin with it.
export function tailOf(saved: readonly Change[], all: readonly Change[]): Change[] | null {
  if (all.length < saved.length) return null;
  return saved.every((change, i) => change === all[i] || same(change, all[i]))
    ? all.slice(saved.length)
    : null;
}

type Reassign = Extract<Change, { change: 'reassign_units' }>;
const isPlain = (change: Change): change is Reassign =>
  change.change === 'reassign_units' && Object.keys(change).every((key) => PLAIN.has(key));
const PLAIN = new Set(['change', 'stage', 'from_year', 'units', 'school']);

// Strokes of a brush that follow one another, of one stage and year, as one change a school: of a unit painted twice the
// last counts. The plan is the same; the list is one a person can read.
export function compact(changes: readonly Change[]): Change[] {
  const out: Change[] = [];
  for (let i = 0; i < changes.length;) {
    const first = changes[i] as Change;
    if (!isPlain(first)) {
      out.push(first);
      i += 1;
      continue;
    }
    const owner = new Map<string, string>(); // in the order of the last stroke over each unit
    let n = i;
    for (; n < changes.length; n += 1) {
      const next = changes[n] as Change;
      if (!isPlain(next) || next.stage !== first.stage || next.from_year !== first.from_year) break;
      for (const unit of next.units) owner.set(unit, next.school);
    }
    if (n === i + 1) out.push(first);
    else {
      const bySchool = new Map<string, string[]>();
      for (const [unit, school] of owner) bySchool.set(school, [...(bySchool.get(school) ?? []), unit]);
      for (const [school, units] of bySchool) {
        out.push({ change: 'reassign_units', stage: first.stage, from_year: first.from_year, units, school });
      }
    }
    i = n;
  }
  return out;
}

// Undo and redo over whole states.
export class History<T> {
  private constructor(
    readonly past: readonly T[],
    readonly now: T,
    readonly future: readonly T[],
  ) {}
  static of<T>(now: T) {
    return new History<T>([], now, []);
  }
  do(next: T) {
    return new History([...this.past, this.now].slice(-200), next, []);
  }
  // The state as it is now written otherwise: nothing to undo.
  rewrite(now: T) {
    return new History(this.past, now, this.future);
  }
  undo() {
    const last = this.past.at(-1);
    return last === undefined ? this : new History(this.past.slice(0, -1), last, [this.now, ...this.future]);
  }
  redo() {
    const [next, ...rest] = this.future;
    return next === undefined ? this : new History([...this.past, this.now], next, rest);
  }
  get canUndo() {
    return this.past.length > 0;
  }
  get canRedo() {
    return this.future.length > 0;
  }
}

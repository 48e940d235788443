// What the bureau has to do with a level now, what comes next, and what it waits for: read from the calendar, the counts
// of children by stage, the steps taken and the draws. Times are the service's own words for Beijing's clock, compared as
// texts; no clock of the device is asked.
import type { LevelCalendar, StepName, Window, WindowName } from '../family/client';
import { windowOf } from '../family/next';
import type { ChildStage, DrawKind, DrawRow, Season, StageCounts, Step } from './client';

export type Work =
  | { what: 'review'; children: number }
  | { what: 'step'; step: Step; children: number }
  | { what: 'freeze'; kind: DrawKind; children: number }
  | { what: 'ceremony'; draw: DrawRow }
  | { what: 'conclude'; draw: DrawRow };
export type Waiting =
  | { for: 'window_opens' | 'window_closes'; window: WindowName; at: string; children: number }
  | { for: 'step'; step: Step; at: string };
export interface Plan {
  now: Work[]; // the most pressing first
  later: Waiting[]; // the nearest first
}

const TIME_OF: Partial<Record<Step, StepName>> = {
  claims: 'claims',
  private: 'draw',
  pool: 'zones',
  zones: 'zones',
  points: 'points',
  overflow: 'overflow',
  lock: 'lock',
  absent: 'trace',
  close: 'close',
};
// From when on a step may be taken; null: it asks each child's own last moment.
export function earliest(level: LevelCalendar, step: Step): string | null {
  const name = TIME_OF[step];
  return name ? level.steps[name] : null;
}

// The children a step looks at, by their stage.
const TOUCHES: Record<Step, ChildStage[]> = {
  claims: ['verified'],
  private: ['private_choice', 'verified'],
  forfeit: ['drawn'],
  promote: ['waiting'],
  end_lines: ['waiting'],
  pool: ['verified', 'lost', 'forfeited'],
  zones: ['public_pool'],
  points: ['public_pool'],
  overflow: ['public_pool', 'offered'],
  lapse: ['offered'],
  lock: ['offered', 'confirmed', 'public_pool'],
  absent: ['in_class', 'no_show'],
  close: [],
};
export const countOf = (stages: StageCounts, of: ChildStage[]) =>
  of.reduce((sum, stage) => sum + (stages[stage] ?? 0), 0);
export const touched = (stages: StageCounts, step: Step) => countOf(stages, TOUCHES[step]);

export type Standing = 'early' | 'idle' | 'open' | 'taken';
// early: not yet; idle: nobody to do it to; open: may be taken; taken: was, and nobody is left.
export function standing(level: LevelCalendar, season: Season, step: Step): Standing {
  const from = earliest(level, step);
  if (from !== null && season.now < from) return 'early';
  if (season.taken?.[step] !== undefined) return touched(season.stages, step) > 0 ? 'open' : 'taken';
  return touched(season.stages, step) > 0 || step === 'close' ? 'open' : 'idle';
}

const after = (window: Window | null, now: string) => window !== null && now > window.until;

// The private schools' part: draws, answers, lines.
function privateWork(level: LevelCalendar, season: Season, draws: DrawRow[]): Work[] {
  const n = (stage: ChildStage) => season.stages[stage] ?? 0;
  const taken = (step: Step) => season.taken?.[step] ?? '';
  const onRolls = draws
    .filter((d) => d.kind === 'private' && d.state !== 'concluded')
    .reduce((sum, d) => sum + d.applicants, 0);
  const unfrozen = n('private_choice') - onRolls;
  if (unfrozen > 0) return [{ what: 'freeze', kind: 'private', children: unfrozen }];
  if (n('private_choice') > 0) return [];
  if (!after(windowOf(level, 'confirm'), season.now)) return [];
  if (n('drawn') > 0) return [{ what: 'step', step: 'forfeit', children: n('drawn') }];
  if (n('waiting') === 0) return [];
  const step = taken('promote') === '' || taken('promote') < taken('forfeit') ? 'promote' : 'end_lines';
  return [{ what: 'step', step, children: n('waiting') }];
}

function stepWork(level: LevelCalendar, season: Season, draws: DrawRow[]): Work[] {
  const { now, stages } = season;
  const n = (stage: ChildStage) => stages[stage] ?? 0;
  const due = (step: Step) => now >= (earliest(level, step) ?? '');
  const taken = (step: Step) => season.taken?.[step] !== undefined;
  const step = (name: Step): Work => ({ what: 'step', step: name, children: touched(stages, name) });
  if (taken('close')) return [];
  if (!taken('pool')) {
    if (due('claims') && !taken('claims') && touched(stages, 'claims') > 0) return [step('claims')];
    if (due('private') && !taken('private') && touched(stages, 'private') > 0) return [step('private')];
  }
  const privates = due('private') && taken('private') ? privateWork(level, season, draws) : [];
  if (privates.length > 0) return privates;
  const busy = n('private_choice') + n('drawn') + n('waiting') > 0;
  if (due('pool') && !busy && touched(stages, 'pool') > 0) return [step('pool')];
  if (n('public_pool') > 0 && due('zones') && !taken('zones')) {
    const lots = draws.some((d) => d.kind === 'lots' && d.state === 'concluded');
    return lots ? [step('zones')] : [{ what: 'freeze', kind: 'lots', children: n('public_pool') }];
  }
  if (due('points') && n('public_pool') > 0 && !taken('points')) return [step('points')];
  if (due('overflow') && n('public_pool') > 0) return [step('overflow')];
  if (due('lock') && (!taken('lock') || n('offered') + n('confirmed') > 0) && touched(stages, 'lock') > 0)
    return [step('lock')];
  if (n('locked') > 0 && now >= level.steps.classes)
    return [{ what: 'freeze', kind: 'classes', children: n('locked') }];
  if (after(windowOf(level, 'report'), now) && n('in_class') > 0) return [step('absent')];
  if (due('close') && touched(stages, 'absent') > 0 && n('no_show') > 0) return [step('absent')];
  if (due('close')) return [step('close')];
  return [];
}

function waits(level: LevelCalendar, season: Season): Waiting[] {
  const of = { confirm: ['drawn'], accept: ['offered'], report: ['in_class'] } as Partial<
    Record<WindowName, ChildStage[]>
  >;
  const windows: Waiting[] = level.windows.flatMap((w): Waiting[] => {
    const children = countOf(season.stages, of[w.window] ?? []);
    if (season.now < w.from) return [{ for: 'window_opens', window: w.window, at: w.from, children }];
    return season.now <= w.until ? [{ for: 'window_closes', window: w.window, at: w.until, children }] : [];
  });
  const steps: Waiting[] = (
    ['claims', 'private', 'zones', 'points', 'overflow', 'lock', 'close'] as const
  ).flatMap((step) => {
    const at = earliest(level, step) ?? '';
    return season.now < at ? [{ for: 'step' as const, step, at }] : [];
  });
  return [...windows, ...steps].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

export function planOf(level: LevelCalendar, season: Season, draws: DrawRow[]): Plan {
  const own = draws.filter((d) => d.level === level.level);
  const open = own.filter((d) => d.state !== 'concluded');
  const now: Work[] = [];
  const registered = season.stages.registered ?? 0;
  if (registered > 0) now.push({ what: 'review', children: registered });
  for (const draw of open)
    now.push(draw.state === 'dice' ? { what: 'conclude', draw } : { what: 'ceremony', draw });
  const more = stepWork(level, season, own);
  // While a roll is frozen its children are not to be frozen again: other schools' rolls may be.
  now.push(...more.filter((w) => w.what !== 'freeze' || w.kind === 'private' || open.length === 0));
  return { now, later: waits(level, season) };
}

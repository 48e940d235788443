// What a family does next and until when, by the stage of its child and the calendar. Times are the service's own words
// for Beijing's clock ("2024-06-11T09:00:00"), compared as texts; no clock of the device is asked.
import type {
  Calendar,
  ChildStage,
  Level,
  LevelCalendar,
  RegistrationLine,
  StepName,
  Window,
  WindowName,
} from './client';

export const levelOf = (calendar: Calendar, level: Level): LevelCalendar | null =>
  calendar.levels.find((l) => l.level === level) ?? null;
export const windowOf = (calendar: LevelCalendar, name: WindowName): Window | null =>
  calendar.windows.find((w) => w.window === name) ?? null;

export type Openness = 'before' | 'open' | 'night' | 'over'; // night: between its days' hours
export function openness(window: Window, now: string): Openness {
  if (now < window.from) return 'before';
  if (now > window.until) return 'over';
  const hour = now.slice(11, 16);
  return window.daily && (hour < window.daily.from || hour >= window.daily.to) ? 'night' : 'open';
}

// Whole days of the calendar from now to then: tomorrow is 1, at whatever hour.
export function daysUntil(then: string, now: string): number {
  const day = (text: string) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return Math.round((day(then) - day(now)) / 86_400_000);
}

export type Todo =
  | 'submit'
  | 'submit_soon'
  | 'submit_tomorrow'
  | 'go_on_site'
  | 'go_late'
  | 'too_late'
  | 'wait_review'
  | 'bring_papers'
  | 'choose_or_wait'
  | 'wait_zones'
  | 'wait_draw'
  | 'wait_line'
  | 'confirm'
  | 'accept'
  | 'wait_letter'
  | 'report'
  | 'enrolled'
  | 'came_not'
  | 'deferred'
  | 'withdrawn';
export interface Next {
  todo: Todo;
  from: string | null;
  until: string | null;
  mine: boolean; // the family's own move
}

function ofDraft(calendar: LevelCalendar, now: string): Next {
  const online = windowOf(calendar, 'online');
  if (!online) return { todo: 'submit', from: null, until: null, mine: true };
  const open = openness(online, now);
  if (open === 'before') return { todo: 'submit_soon', from: online.from, until: online.until, mine: false };
  if (open === 'night') return { todo: 'submit_tomorrow', from: null, until: online.until, mine: false };
  if (open === 'open') return { todo: 'submit', from: null, until: online.until, mine: true };
  for (const [name, todo] of [
    ['on_site', 'go_on_site'],
    ['late', 'go_late'],
  ] as const) {
    const window = windowOf(calendar, name);
    if (window && openness(window, now) !== 'over')
      return { todo, from: window.from, until: window.until, mine: true };
  }
  return { todo: 'too_late', from: null, until: null, mine: false };
}

const AFTER_STEP: Partial<Record<ChildStage, [Todo, StepName]>> = {
  private_choice: ['wait_draw', 'draw'],
  waiting: ['wait_line', 'zones'],
  forfeited: ['wait_zones', 'zones'],
  lost: ['wait_zones', 'zones'],
  public_pool: ['wait_zones', 'zones'],
  confirmed: ['wait_letter', 'lock'],
};

export function nextOf(registration: RegistrationLine, calendar: LevelCalendar, now: string): Next {
  const { stage } = registration;
  const window = (name: WindowName) => windowOf(calendar, name);
  const step = AFTER_STEP[stage];
  if (step) return { todo: step[0], from: calendar.steps[step[1]], until: null, mine: false };
  switch (stage) {
    case 'draft':
      return ofDraft(calendar, now);
    case 'registered':
      return { todo: 'wait_review', from: window('on_site')?.from ?? null, until: null, mine: false };
    case 'rejected': {
      const on = window('on_site');
      return { todo: 'bring_papers', from: on?.from ?? null, until: on?.until ?? null, mine: true };
    }
    case 'verified': {
      const choice = window('private_choice');
      return choice && openness(choice, now) !== 'over'
        ? { todo: 'choose_or_wait', from: null, until: choice.until, mine: false }
        : { todo: 'wait_zones', from: calendar.steps.zones, until: null, mine: false };
    }
    case 'drawn':
    case 'offered': {
      const open = window(stage === 'drawn' ? 'confirm' : 'accept');
      const until = registration.answer_by ?? open?.until ?? null;
      return { todo: stage === 'drawn' ? 'confirm' : 'accept', from: open?.from ?? null, until, mine: true };
    }
    case 'locked':
    case 'transferred':
    case 'in_class': {
      const report = window('report');
      return { todo: 'report', from: report?.from ?? null, until: report?.until ?? null, mine: true };
    }
    case 'enrolled':
      return { todo: 'enrolled', from: null, until: null, mine: false };
    case 'no_show':
    case 'dropout_ledger':
      return { todo: 'came_not', from: null, until: null, mine: true };
    case 'deferred':
      return { todo: 'deferred', from: null, until: null, mine: false };
    default:
      return { todo: 'withdrawn', from: null, until: null, mine: false };
  }
}

const among =
  (...stages: ChildStage[]) =>
  (stage: ChildStage) =>
    stages.includes(stage);
export const mayChange = among('draft', 'registered', 'rejected', 'verified');
export const mayWithdraw = among(
  'registered',
  'rejected',
  'verified',
  'private_choice',
  'waiting',
  'forfeited',
  'lost',
  'public_pool',
);
export const hasLetter = among('locked', 'transferred', 'in_class', 'enrolled');

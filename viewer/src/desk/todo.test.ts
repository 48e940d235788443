import { describe, expect, test } from 'vitest';
import type { LevelCalendar } from '../family/client';
import type { DrawRow, Season, StageCounts, Step } from './client';
import { earliest, planOf, standing, touched } from './todo';

const level: LevelCalendar = {
  level: 'primary',
  windows: [
    { window: 'online', from: '2024-06-11T00:00:00', until: '2024-06-20T23:59:59' },
    { window: 'confirm', from: '2024-07-23T00:00:00', until: '2024-07-25T18:00:00' },
    { window: 'accept', from: '2024-08-01T00:00:00', until: '2024-08-10T23:59:59' },
    { window: 'report', from: '2024-08-20T00:00:00', until: '2024-08-25T23:59:59' },
  ],
  steps: {
    claims: '2024-07-10T00:00:00',
    draw: '2024-07-23T00:00:00',
    zones: '2024-08-01T00:00:00',
    points: '2024-08-05T00:00:00',
    overflow: '2024-08-06T00:00:00',
    lock: '2024-08-12T00:00:00',
    classes: '2024-08-16T00:00:00',
    trace: '2024-08-26T00:00:00',
    close: '2024-09-30T00:00:00',
  },
};
const season = (now: string, stages: StageCounts, taken: Partial<Record<Step, string>> = {}): Season => ({
  level: 'primary',
  now,
  stages,
  steps: [],
  taken,
});
const draw = (kind: DrawRow['kind'], state: DrawRow['state']): DrawRow => ({
  id: `${kind}-1`,
  level: 'primary',
  kind,
  school: kind === 'private' ? 'S1' : '',
  state,
  applicants: 9,
  seats: 4,
  frozen_at: '2024-07-23T09:00:00',
});
const said = (s: Season, draws: DrawRow[] = []) =>
  planOf(level, s, draws).now.map((w) =>
    w.what === 'step' ? w.step : w.what === 'freeze' ? `freeze ${w.kind}` : w.what,
  );

describe('what is to do now', () => {
  test('registrations are reviewed, and nothing else before its time', () => {
    expect(said(season('2024-06-12T09:00:00', { registered: 3, draft: 1 }))).toEqual(['review']);
    expect(said(season('2024-06-12T09:00:00', { verified: 3 }))).toEqual([]);
  });
  test('a season goes step by step to its end', () => {
    const now = '2024-07-23T10:00:00';
    expect(said(season(now, { verified: 5, private_choice: 9 }))).toEqual(['claims']);
    expect(said(season(now, { verified: 5, private_choice: 9 }, { claims: now }))).toEqual(['private']);
    const done = { claims: now, private: now };
    expect(said(season(now, { private_choice: 9 }, done))).toEqual(['freeze private']);
    expect(said(season(now, { private_choice: 9 }, done), [draw('private', 'frozen')])).toEqual(['ceremony']);
    expect(said(season(now, { private_choice: 12 }, done), [draw('private', 'frozen')])).toEqual([
      'ceremony',
      'freeze private',
    ]);
    expect(said(season(now, { private_choice: 9 }, done), [draw('private', 'dice')])[0]).toBe('conclude');
    expect(said(season(now, { drawn: 4, waiting: 5 }, done), [draw('private', 'concluded')])).toEqual([]);
    const later = '2024-07-25T18:00:01';
    expect(said(season(later, { drawn: 1, waiting: 5, confirmed: 3 }, done))).toEqual(['forfeit']);
    const cleared = { ...done, forfeit: later };
    expect(said(season(later, { waiting: 5 }, cleared))).toEqual(['promote']);
    expect(said(season(later, { waiting: 5 }, { ...cleared, promote: later }))).toEqual(['end_lines']);
  });
  test('the public pool: order first, then zones, points, overflow', () => {
    const now = '2024-08-06T08:00:00';
    const taken = { claims: now, private: now };
    expect(said(season(now, { verified: 4, lost: 5 }, taken))).toEqual(['pool']);
    const pooled = { ...taken, pool: now };
    expect(said(season(now, { public_pool: 9 }, pooled))).toEqual(['freeze lots']);
    expect(said(season(now, { public_pool: 9 }, pooled), [draw('lots', 'frozen')])).toEqual(['ceremony']);
    expect(said(season(now, { public_pool: 9 }, pooled), [draw('lots', 'concluded')])).toEqual(['zones']);
    expect(said(season(now, { public_pool: 2, offered: 7 }, { ...pooled, zones: now }))).toEqual(['points']);
    expect(said(season(now, { public_pool: 2, offered: 7 }, { ...pooled, zones: now, points: now }))).toEqual(
      ['overflow'],
    );
  });
  test('seats are locked, classes dealt, absentees noted, the season closed', () => {
    const taken = { pool: '1', zones: '1', points: '1', overflow: '1' };
    expect(said(season('2024-08-12T08:00:00', { confirmed: 8 }, taken))).toEqual(['lock']);
    expect(said(season('2024-08-16T08:00:00', { locked: 8 }, { ...taken, lock: '1' }))).toEqual([
      'freeze classes',
    ]);
    expect(
      said(season('2024-08-26T08:00:00', { in_class: 1, enrolled: 7 }, { ...taken, lock: '1' })),
    ).toEqual(['absent']);
    expect(said(season('2024-09-30T08:00:00', { enrolled: 8 }, { ...taken, lock: '1' }))).toEqual(['close']);
    expect(said(season('2024-10-01T08:00:00', { enrolled: 8 }, { ...taken, lock: '1', close: '1' }))).toEqual(
      [],
    );
  });
  test('another level’s draws are not this one’s', () => {
    const other = { ...draw('private', 'dice'), level: 'junior' as const };
    expect(said(season('2024-06-12T09:00:00', {}), [other])).toEqual([]);
  });
});

test('what comes next is in the order of time, the nearest first', () => {
  const { later } = planOf(level, season('2024-06-12T09:00:00', {}), []);
  expect(later[0]).toMatchObject({ for: 'window_closes', window: 'online' });
  expect(later.map((w) => w.at)).toEqual([...later.map((w) => w.at)].sort());
  expect(later.some((w) => w.for === 'step' && w.step === 'zones')).toBe(true);
});
test('who has not answered yet is counted where a window closes', () => {
  const { later } = planOf(level, season('2024-07-24T09:00:00', { drawn: 4 }), []);
  expect(later.find((w) => w.for === 'window_closes' && w.window === 'confirm')).toMatchObject({
    children: 4,
  });
});

test('a step stands early, idle, open or taken', () => {
  const at = (now: string, stages: StageCounts, step: Step, taken = {}) =>
    standing(level, season(now, stages, taken), step);
  expect(at('2024-07-01T00:00:00', { verified: 3 }, 'claims')).toBe('early');
  expect(at('2024-07-11T00:00:00', {}, 'claims')).toBe('idle');
  expect(at('2024-07-11T00:00:00', { verified: 3 }, 'claims')).toBe('open');
  expect(at('2024-07-11T00:00:00', {}, 'claims', { claims: 'x' })).toBe('taken');
  expect(at('2024-10-01T00:00:00', {}, 'close')).toBe('open');
  expect(earliest(level, 'forfeit')).toBeNull();
  expect(touched({ verified: 1, lost: 2, forfeited: 4, offered: 8 }, 'pool')).toBe(7);
});

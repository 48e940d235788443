import { expect, it } from 'vitest';
import type { ChildStage, LevelCalendar, RegistrationLine } from './client';
import { daysUntil, hasLetter, nextOf, openness } from './next';

const window = (name: LevelCalendar['windows'][number]['window'], from: string, until: string) => ({
  window: name,
  from: `2024-${from}T00:00:00`,
  until: `2024-${until}T23:59:59`,
});
const calendar: LevelCalendar = {
  level: 'primary',
  windows: [
    { ...window('online', '06-11', '06-20'), daily: { from: '08:00', to: '24:00' } },
    window('on_site', '06-21', '06-27'),
    window('late', '06-21', '08-02'),
    window('private_choice', '06-11', '06-20'),
    window('confirm', '07-24', '07-25'),
    window('accept', '07-27', '08-01'),
    window('report', '09-01', '09-03'),
  ],
  steps: {
    claims: '2024-06-11T00:00:00',
    draw: '2024-07-23T09:00:00',
    zones: '2024-07-27T23:59:59',
    points: '2024-07-29T23:59:59',
    overflow: '2024-07-30T23:59:59',
    lock: '2024-08-02T23:59:59',
    classes: '2024-08-05T23:59:59',
    trace: '2024-09-10T23:59:59',
    close: '2024-10-01T23:59:59',
  },
};
const child = (stage: ChildStage, more: Partial<RegistrationLine> = {}): RegistrationLine => ({
  code: 'ABCDEFGH',
  level: 'primary',
  district: 'D01',
  channel: 'online',
  stage,
  version: 1,
  created: '2024-06-11T09:00:00',
  changed: '2024-06-11T09:00:00',
  ...more,
});
const todo = (stage: ChildStage, now: string) => nextOf(child(stage), calendar, now).todo;

it('counts days of the calendar, not of twenty-four hours', () => {
  expect(daysUntil('2024-06-11T00:00:00', '2024-06-08T23:59:59')).toBe(3);
  expect(daysUntil('2024-06-11T00:00:00', '2024-06-10T23:59:59')).toBe(1);
  expect(daysUntil('2024-03-01T00:00:00', '2024-02-28T12:00:00')).toBe(2);
});

it('knows a window with hours of the day', () => {
  const online = calendar.windows[0];
  if (!online) throw new Error('no window');
  expect(openness(online, '2024-06-10T23:59:59')).toBe('before');
  expect(openness(online, '2024-06-11T07:59:59')).toBe('night');
  expect(openness(online, '2024-06-11T08:00:00')).toBe('open');
  expect(openness(online, '2024-06-20T23:59:59')).toBe('open');
  expect(openness(online, '2024-06-21T00:00:00')).toBe('over');
});

it('sends a draft where it can still be handed in', () => {
  expect(todo('draft', '2024-06-10T09:00:00')).toBe('submit_soon');
  expect(todo('draft', '2024-06-12T03:00:00')).toBe('submit_tomorrow');
  expect(todo('draft', '2024-06-12T09:00:00')).toBe('submit');
  expect(todo('draft', '2024-06-21T09:00:00')).toBe('go_on_site');
  expect(todo('draft', '2024-06-28T09:00:00')).toBe('go_late');
  expect(todo('draft', '2024-08-10T09:00:00')).toBe('too_late');
});

it("takes the child's own deadline before that of the window", () => {
  expect(
    nextOf(child('drawn', { answer_by: '2024-07-24T12:00:00' }), calendar, '2024-07-24T09:00:00'),
  ).toMatchObject({
    todo: 'confirm',
    until: '2024-07-24T12:00:00',
    mine: true,
  });
  expect(nextOf(child('offered'), calendar, '2024-07-28T09:00:00').until).toBe('2024-08-01T23:59:59');
});

it('offers the choice of a private school only while it is open', () => {
  expect(todo('verified', '2024-06-15T09:00:00')).toBe('choose_or_wait');
  expect(todo('verified', '2024-06-21T09:00:00')).toBe('wait_zones');
});

it('has a letter from the moment a seat is settled', () => {
  expect((['confirmed', 'locked', 'in_class', 'no_show'] as ChildStage[]).map(hasLetter)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

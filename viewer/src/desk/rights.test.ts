import { expect, test } from 'vitest';
import type { AllowedAction, Who } from '../staff/client';
import { papersOf } from './papers';
import { may, needs, pagesOf } from './rights';
import type { Registration } from './client';

const who = (...actions: AllowedAction[]): Who => ({
  subject: 'account:1',
  role: 'district',
  districts: ['D1'],
  schools: [],
  second_factor: true,
  actions,
});
const row = (action: string, scopes: AllowedAction['scopes'], ...needed: AllowedAction['needs']) => ({
  action,
  scopes,
  needs: needed,
});

test('what may be done is what the service says, in these scopes', () => {
  const w = who(row('draw.finalise', ['own_district'], 'factor', 'two'));
  expect(may(w, 'draw.finalise')).toBe(true);
  expect(may(w, 'draw.finalise', 'all')).toBe(false);
  expect(may(w, 'draw.freeze')).toBe(false);
  expect(needs(w, 'draw.finalise', 'two')).toBe(true);
  expect(needs(w, 'draw.finalise', 'case')).toBe(false);
});
test('who may do nothing has no pages, and each page comes with its right', () => {
  expect(pagesOf(who())).toEqual([]);
  expect(pagesOf(who(row('registration.list', ['own'])))).toEqual([]); // a family's own is no desk's
  expect(pagesOf(who(row('registration.list', ['own_district']), row('audit.run', ['all'])))).toEqual([
    'review',
    'audits',
  ]);
  expect(pagesOf(who(row('journal.read', ['all']), row('account.list', ['all'])))).toEqual([
    'journal',
    'accounts',
  ]);
});
test('papers: what the family has, what offices ask one another for, what is still to come', () => {
  const registration = {
    record: { facts: { evidence: ['household_book', 'title_deed'] } },
    eligibility: { to_verify: ['title_deed', 'police_record'], missing_evidence: [['permit', 'lease']] },
  } as unknown as Registration;
  expect(papersOf(registration)).toEqual([
    { any: ['household_book'], given: true },
    { any: ['title_deed'], given: true },
    { any: ['police_record'], given: false },
    { any: ['permit', 'lease'], given: false },
  ]);
});

import { expect, test } from 'vitest';
import { askedIn, layerBefore, linkOf, minutesOf } from './answer';
import type { Layer } from './api';

const layer = (school_year: number, kind = 'general'): Layer => ({
  layer: `primary/${school_year}/${kind}`,
  stage: 'primary',
  school_year,
  kind,
  zones: 1,
  bounds: [0, 0, 1, 1],
  tiles: '',
});

test('a link asks what was asked, and keeps it from the server', () => {
  const home = { text: '槐荫街12号', entry: 'a17' };
  const link = linkOf(home, 'primary/2026/general', 'https://x.example/?p=1#/old');
  expect(link.startsWith('https://x.example/?p=1#/?')).toBe(true);
  expect(askedIn(new URL(link).hash)).toEqual({ home, layer: 'primary/2026/general' });
  expect(askedIn(new URL(linkOf({ text: '甲&乙=1', entry: null }, 'l', 'http://x/')).hash)?.home.text).toBe(
    '甲&乙=1',
  );
  expect(askedIn('#/family')).toBe(null);
  expect(askedIn('#/?layer=x')).toBe(null);
});

test('the year before is of the same stage and kind', () => {
  const all = [layer(2026), layer(2025, 'plan'), layer(2025)];
  expect(layerBefore(all, layer(2026))?.layer).toBe('primary/2025/general');
  expect(layerBefore(all, layer(2025))).toBe(null);
});

test('ways are told in whole minutes', () => {
  expect(minutesOf(20)).toBe(1);
  expect(minutesOf(640)).toBe(10);
});

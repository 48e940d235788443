import { expect, test } from 'vitest';
import { dealColours, FILLS, NOBODY, SHARED } from './colours';
import { boundsOf, isOver, overOf, Owners } from './derive';
import { differenceText, figureRows, figureText } from './figures';
import { parseMarkdown } from './markdown';
import { noticeText, placeOf } from './notice';
import type { Comparison, SchoolLoad } from './client';

const load = (demand: SchoolLoad['demand'], seats: SchoolLoad['seats']): SchoolLoad => ({
  school: 'S1',
  name: '一小',
  units: 1,
  children: 50,
  seats,
  demand,
  over_probability: 'unknown',
});

test('schools near one another have different colours', () => {
  const grid = Array.from({ length: 49 }, (_, i) => ({
    id: `S${i}`,
    lon: 110 + (i % 7) / 100,
    lat: 33 + Math.floor(i / 7) / 100,
  }));
  const dealt = dealColours(grid);
  for (const a of grid) {
    for (const b of grid) {
      const near = Math.abs(a.lon - b.lon) + Math.abs(a.lat - b.lat) < 0.0101;
      if (a !== b && near) expect(dealt.get(a.id)).not.toBe(dealt.get(b.id));
    }
  }
  expect(new Set(dealt.values()).size).toBe(FILLS.length);
});

test('an owner is nobody, a school or several, each with its colour', () => {
  const owners = new Owners();
  const colours = new Map([['S1', 3]]);
  expect(owners.of([])).toBe(0);
  expect(owners.of(['S1'])).toBe(owners.of(['S1']));
  expect(owners.colour(owners.of(['S1']), colours)).toBe(3);
  expect(owners.colour(owners.of(['S1', 'S2']), colours)).toBe(SHARED);
  expect(owners.colour(0, colours)).toBe(NOBODY);
  expect(owners.only(owners.of(['S1']))).toBe('S1');
  expect(owners.only(owners.of(['S1', 'S2']))).toBe('');
});

test('a zone is over its seats by whom it expects, else by whom it has; not where seats are unknown', () => {
  expect(overOf(load(47, 45))).toBe(2);
  expect(overOf(load('unknown', 45))).toBe(5);
  expect(overOf(load(47, 'unknown'))).toBe(0);
  expect(isOver(load(45.4, 45))).toBe(false);
  expect(isOver(load(45.5, 45))).toBe(true);
});

test('bounds hold every shape and are none of nothing', () => {
  expect(boundsOf([{ unit: 'U', geometry: null }])).toBeNull();
  const geometry = {
    type: 'MultiPolygon' as const,
    coordinates: [
      [
        [
          [1, 2],
          [3, 2],
          [3, 5],
          [1, 2],
        ] as [number, number][],
      ],
    ],
  };
  expect(boundsOf([{ unit: 'U', geometry }])).toEqual([1, 2, 3, 5]);
});

const comparison = {
  indicators: [
    {
      id: 'walk_mean',
      unit: 'm',
      better: 'lower',
      meaning: 'walk',
      meaning_zh: '步行',
      values: [
        {
          stage: 'primary',
          school_year: 2027,
          plans: [
            { value: 900, against_in_force: '' },
            { value: 950, against_in_force: '' },
          ],
        },
      ],
    },
  ],
} as unknown as Comparison;

test('a figure tried live goes before the stored one, and its verdict follows what is better', () => {
  const [stored] = figureRows(comparison, null, 'primary', 2027);
  expect([stored?.before, stored?.after, stored?.verdict]).toEqual([900, 950, 'worse']);
  const live = {
    version: 1,
    school_years: [2027],
    indicators: [{ id: 'walk_mean', primary: [880] }],
    schools: [],
    units: [],
    gone: [],
  };
  const [row] = figureRows(comparison, live, 'primary', 2027);
  expect([row?.after, row?.verdict, row && differenceText(row)]).toEqual([880, 'better', '−20']);
  expect(
    figureRows(
      comparison,
      { ...live, indicators: [{ id: 'walk_mean', primary: [null] }] },
      'primary',
      2027,
    )[0]?.verdict,
  ).toBe('unknown');
});

test('figures are written as people read them', () => {
  expect(figureText(0.0711, 'share', '')).toBe('7.1%');
  expect(figureText(1291.79, 'm', '')).toBe('1292');
  expect(figureText(4.416, 'classes', '')).toBe('4.42');
  expect(figureText(null, 'm', '未知')).toBe('未知');
});

test('the little Markdown of statements is read', () => {
  const blocks = parseMarkdown(
    '# 标题\n\n> 引用\n\n- 一\n- 二\n\n| 校 | 数 |\n|---|---|\n| 甲 | 1 |\n\n段落',
  );
  expect(blocks.map((b) => b.kind)).toEqual(['heading', 'text', 'list', 'table', 'text']);
  expect(blocks[1]).toEqual({ kind: 'text', text: '引用', quoted: true });
  expect(blocks[3]).toEqual({ kind: 'table', head: ['校', '数'], rows: [['甲', '1']] });
});

test('a finding’s place is read from its sentence; a notice is a table that a spreadsheet opens', () => {
  expect(placeOf("78 m of the zone's edge, at 110.464827,33.499830, follow no named line")).toEqual([
    110.464827, 33.49983,
  ]);
  expect(placeOf('nothing')).toBeNull();
  const zone = {
    zone: 'S1',
    schools: ['S1'],
    names: '一小',
    text: '东至A路，\n西至B路',
    iou: 1,
    changed: 0,
    findings: [],
  };
  expect(noticeText([zone])).toBe('\ufeff学校,校区,招生范围\r\n一小,,"东至A路，\n西至B路"\r\n');
});

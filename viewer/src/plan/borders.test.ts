import { expect, test } from 'vitest';
import { chain, findBorders, zoneBorder, type Shape } from './borders';
import type { Place } from './scenario';

const square = (unit: string, x: number, y: number, clockwise = false): Shape => {
  const ring: Place[] = [
    [x, y],
    [x + 1, y],
    [x + 1, y + 1],
    [x, y + 1],
    [x, y],
  ];
  if (clockwise) ring.reverse();
  return { unit, geometry: { type: 'MultiPolygon', coordinates: [[ring]] } };
};
const never = () => Promise.resolve(false);

test('a border runs with its first unit on the left, whichever way the rings turn', async () => {
  for (const clockwise of [false, true]) {
    const borders = await findBorders([square('A', 0, 0, clockwise), square('B', 1, 0)], never);
    const between = borders?.find((b) => b.b === 'B');
    expect(between?.a).toBe('A');
    expect(between?.lines).toEqual([
      [
        [1, 0],
        [1, 1],
      ],
    ]);
  }
});

test('edges without a neighbour are an outer border', async () => {
  const borders = await findBorders([square('A', 0, 0), { unit: 'B', geometry: null }], never);
  expect(borders).toHaveLength(1);
  expect(borders?.[0]?.b).toBe('');
  expect(borders?.[0]?.lines[0]).toHaveLength(5);
});

test('the border of two zones is one line over all their units, with the left zone on its left', async () => {
  const shapes = [square('A', 0, 0), square('B', 1, 0), square('C', 0, 1), square('D', 1, 1)];
  const borders = (await findBorders(shapes, never)) ?? [];
  const schoolOf = (unit: string) => (unit === 'A' || unit === 'C' ? 'S1' : 'S2');
  expect(zoneBorder(borders, schoolOf, 'S1', 'S2')).toEqual([
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
  ]);
  expect(zoneBorder(borders, schoolOf, 'S2', 'S1')[0]?.[0]).toEqual([1, 2]);
});

test('beside a unit that was cut, the border of the whole one is parted where the cut ends', async () => {
  const half = (unit: string, y: number): Shape => {
    const ring: Place[] = [
      [0, y],
      [1, y],
      [1, y + 0.5],
      [0, y + 0.5],
      [0, y],
    ];
    return { unit, geometry: { type: 'MultiPolygon', coordinates: [[ring]] } };
  };
  const borders = (await findBorders([half('A#1', 0), half('A#2', 0.5), square('B', 1, 0)], never)) ?? [];
  const pairs = borders.map(({ a, b }) => [a, b].sort().join('|')).sort();
  expect(pairs).toEqual(['A#1|A#2', 'A#1|B', 'A#2|B', '|A#1', '|A#2', '|B']);
  const outer = borders.filter((b) => b.b === '' && b.a === 'B').flatMap((b) => b.lines.flat());
  expect(outer.some(([x, y]) => x === 1 && y === 0.5)).toBe(false);
});

test('work that is called off answers nothing', async () => {
  expect(await findBorders([square('A', 0, 0)], () => Promise.resolve(true))).toBeNull();
});

test('chains join what follows, and close a ring', () => {
  const open: [number, number][] = [
    [2, 3],
    [0, 1],
    [1, 2],
  ];
  expect(chain(open)).toEqual([[0, 1, 2, 3]]);
  expect(
    chain([
      [0, 1],
      [1, 0],
    ]),
  ).toEqual([[0, 1, 0]]);
});

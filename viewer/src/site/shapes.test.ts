import { expect, test } from 'vitest';
import type { At, Zone } from './data';
import { decode, zonesAt } from './shapes';

const zone = (id: string): Zone => ({ id, name: id, schools: [], colour: 0, label: null, rings: [] });
// Two squares of 0.01 degree side by side, the left one with a hole.
const square = (x: number, y: number, side: number): At[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];
const left = { zone: zone('left'), rings: [square(1e9, 3e8, 1e5), square(1e9 + 4e4, 3e8 + 4e4, 2e4)] };
const right = { zone: zone('right'), rings: [square(1e9 + 1e5, 3e8, 1e5)] };

test('steps become positions', () => {
  expect(decode([10, 20, 1, -1], 50)).toEqual([
    [500, 1000],
    [550, 950],
  ]);
});

test('a place is in one zone, near a line, in a hole or outside', () => {
  const at = (x: number, y: number) => zonesAt([1e9 + x, 3e8 + y], [left, right]);
  expect(at(2e4, 2e4)).toMatchObject({ zones: [{ id: 'left' }], near: false });
  expect(at(1.5e5, 5e4)).toMatchObject({ zones: [{ id: 'right' }], near: false });
  expect(at(1e5 - 1000, 9e4)).toMatchObject({ zones: [{ id: 'left' }, { id: 'right' }], near: true });
  expect(at(5e4, 5e4).zones).toEqual([]);
  expect(at(-5e4, 0).zones).toEqual([]);
});

test('the distance is in metres', () => {
  expect(zonesAt([1e9 + 1.5e5, 3e8 + 2e4], [right]).marginM).toBeCloseTo(222.6, 0);
});

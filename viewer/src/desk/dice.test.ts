import { expect, test } from 'vitest';
import {
  blank,
  commitment,
  differences,
  faults,
  inFours,
  newNumber,
  readNumber,
  readResult,
  ROLES,
  toCeremony,
} from './dice';
import { sm3 } from './sm3';

const seal = (digit: string) => digit.repeat(64);
function typed() {
  const entry = blank(ROLES);
  entry.rows.forEach((row, i) => (row.digits = `407${i}`));
  entry.notary = seal('0');
  entry.bureau = ` ${seal('1').toUpperCase()}\n`;
  return entry;
}

test('what is missing, malformed or named twice is told by its place', () => {
  expect(faults(blank(ROLES))).toEqual([0, 1, 2, 3, 4, 5, 'notary', 'bureau']);
  expect(faults(typed())).toEqual([]);
  const wrong = typed();
  wrong.rows[1] = { role: 'congress', digits: '1' };
  wrong.rows[2] = { role: 'media', digits: '12a4' };
  wrong.bureau = seal('g');
  expect(faults(wrong)).toEqual([1, 2, 3, 'bureau']); // the third is there a second time
  expect(faults({ ...typed(), rows: [] })).toEqual(['rows']);
});
test('the second typing is held against the first, digit by digit', () => {
  expect(differences(typed(), typed())).toEqual([]);
  const second = typed();
  second.rows[3] = { role: 'media', digits: '0' };
  second.notary = seal('2');
  expect(differences(typed(), second)).toEqual([3, 'notary']);
});
test('a ceremony is what was typed, numbers in their one form', () => {
  const { dice, notary, bureau } = toCeremony(typed());
  expect(dice.congress).toBe('4070');
  expect(Object.keys(dice)).toHaveLength(6);
  expect([notary, bureau]).toEqual([seal('0'), seal('1')]);
  expect(readNumber(' AB cd ')).toBe('abcd');
});
test('a hash is read in fours', () => {
  expect(inFours('8925748300aa')).toEqual(['8925', '7483', '00aa']);
  expect(inFours('')).toEqual([]);
});
test('a result is read by rank; lines of another form are not', () => {
  const line = (rank: number, code: string, word: string) =>
    `${rank}\t${code}\t${code}\t0\t${seal('a')}\t${word}\n`;
  expect(readResult(line(1, 'A7K2M9QX', 'ADMIT') + line(2, 'B3Q9T4VH', 'WAIT') + '1\tclass\n')).toEqual([
    { rank: 1, code: 'A7K2M9QX', admitted: true },
    { rank: 2, code: 'B3Q9T4VH', admitted: false },
  ]);
});
test('a commitment is the hash of its role and number (draw-1.md), and a new number has 64 digits', async () => {
  expect(await commitment('sha256', 'bureau', seal('1'))).toBe(
    '620a82bae0638ddfeae9a84df58f92a78f9f571cab9039a7c94d61ef8691c14f',
  );
  expect(await commitment('sm3', 'bureau', seal('1'))).toBe(
    '14e4e5b911d5bb6feaa1c19f3c76b1351d66213fae4cf858e2709f418f31d296',
  );
  expect(newNumber()).toMatch(/^[0-9a-f]{64}$/);
  expect(await commitment('sm3', 'bureau', 'not a number')).toBeNull();
});

test('SM3 of the standard: its two examples, and of nothing', () => {
  const text = (t: string) => new TextEncoder().encode(t);
  expect(sm3(text('abc'))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
  expect(sm3(text('abcd'.repeat(16)))).toBe(
    'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
  );
  expect(sm3(text(''))).toBe('1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b');
});

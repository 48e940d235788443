import { expect, test } from 'vitest';
import { hashOf, keyOf, shardOf, variantsOf } from './fold';

const folds = { 號: '号', '１': '1', '２': '2', '，': ',' };

test('spellings of one address share a key', () => {
  for (const text of ['青河路12号', ' 青河路 １２ 號', '青河路，12号', '青河路12号.']) {
    expect(keyOf(text, folds)).toBe('青河路12号');
  }
  expect(keyOf('Main Street 12A', folds)).toBe('mainstreet12a');
});

// The same figures stand in tests/server/publish/parts_test.cpp.
test('hashes are those of the bundle', () => {
  expect(hashOf('')).toEqual([2872998923, 3954623016]);
  expect(hashOf('青河路12号')).toEqual([1146320456, 2850687591]);
});

test('a shard is the first bits of the hash', () => {
  expect(shardOf(1146320456, 0)).toBe('0');
  expect(shardOf(0xabcdef01, 4)).toBe('a');
  expect(shardOf(0xabcdef01, 8)).toBe('ab');
  expect(shardOf(0xabcdef01, 5)).toBe('15');
  expect(shardOf(0x0bcdef01, 8)).toBe('0b');
});

test('a number may be typed without its sign, and the city may be left away', () => {
  expect(variantsOf('青河路12', '某市')).toEqual(['青河路12', '青河路12号']);
  expect(variantsOf('某市青河路12号', '某市')).toEqual(['某市青河路12号', '青河路12号']);
});

import { describe, expect, it } from 'vitest';
import { parsePosition, rounded, toText } from './position';

describe('parsePosition', () => {
  it('reads longitude and latitude with the separators people type', () => {
    for (const text of ['110.45, 33.52', '110.45，33.52', ' 110.45 33.52 ', '110.45;33.52']) {
      expect(parsePosition(text)).toEqual({ lon: 110.45, lat: 33.52 });
    }
  });
  it('refuses what is not two numbers on the globe', () => {
    for (const text of ['', '110', '110,', 'a,b', '110,95', '181,3', '1e2,3', 'NaN,1', '1,2,3', '0x10,2']) {
      expect(parsePosition(text), text).toBeNull();
    }
  });
  it('rounds to what is shown', () => {
    const at = rounded({ lon: 110.123456789, lat: -0.0000004 });
    expect(parsePosition(toText(at))).toEqual({ lon: 110.123457, lat: 0 });
  });
});

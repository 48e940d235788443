import { expect, it } from 'vitest';
import type { Layer } from './api';
import { newestFirst } from './layers';

it('puts the newest general layer of the first stage first', () => {
  const layer = (stage: Layer['stage'], school_year: number, kind: string): Layer => ({
    layer: `${stage}/${school_year}/${kind}`,
    stage,
    school_year,
    kind,
    zones: 1,
    bounds: [0, 0, 1, 1],
    tiles: '',
  });
  const sorted = newestFirst([
    layer('junior', 2026, 'general'),
    layer('primary', 2025, 'general'),
    layer('primary', 2026, 'girls'),
    layer('primary', 2026, 'general'),
  ]);
  expect(sorted.map((l) => l.layer)).toEqual([
    'primary/2026/general',
    'primary/2026/girls',
    'primary/2025/general',
    'junior/2026/general',
  ]);
});

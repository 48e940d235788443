import type { Layer, Stage } from './api';

const ORDER: Stage[] = ['primary', 'junior', 'senior'];

// Primary first; within a stage the newest school year first and the general kind before others.
export function newestFirst(layers: Layer[]): Layer[] {
  return [...layers].sort(
    (a, b) =>
      ORDER.indexOf(a.stage) - ORDER.indexOf(b.stage) ||
      b.school_year - a.school_year ||
      Number(b.kind === 'general') - Number(a.kind === 'general'),
  );
}

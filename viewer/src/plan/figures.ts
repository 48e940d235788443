// Figures of a plan beside those in force: which way a difference goes, and how a value is written.
import type { Stage } from '../api';
import type { Comparison, Live, Meaning } from './client';

export interface FigureRow extends Meaning {
  before: number | null;
  after: number | null;
  verdict: 'better' | 'worse' | 'equal' | 'unknown';
}

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));

export function figureRows(
  comparison: Comparison,
  live: Live | null,
  stage: Stage,
  year: number,
): FigureRow[] {
  const at = live?.school_years.indexOf(year) ?? -1;
  const now = new Map(
    (live?.indicators ?? []).map((i) => [i.id, (stage === 'junior' ? i.junior : i.primary)?.[at] ?? null]),
  );
  return comparison.indicators.map(({ id, unit, better, meaning, meaning_zh, values }) => {
    const plans = values.find((v) => v.stage === stage && v.school_year === year)?.plans;
    const known = (value: number | 'unknown' | undefined) => (typeof value === 'number' ? value : null);
    const before = known(plans?.[0]?.value);
    const after = now.has(id) ? (now.get(id) ?? null) : known(plans?.at(-1)?.value);
    let verdict: FigureRow['verdict'] = 'unknown';
    if (before !== null && after !== null) {
      verdict = near(before, after) ? 'equal' : after < before === (better === 'lower') ? 'better' : 'worse';
    }
    return { id, unit, better, meaning, meaning_zh, before, after, verdict };
  });
}

export function figureText(value: number | null, unit: string, unknown: string): string {
  if (value === null) return unknown;
  if (unit === 'share' || unit === 'probability') return `${(value * 100).toFixed(1)}%`;
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

export function differenceText(row: FigureRow): string {
  if (row.before === null || row.after === null) return '';
  const difference = row.after - row.before;
  const text = figureText(Math.abs(difference), row.unit, '');
  return row.verdict === 'equal' ? '0' : `${difference > 0 ? '+' : '−'}${text}`;
}

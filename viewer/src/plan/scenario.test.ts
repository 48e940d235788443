import { expect, test } from 'vitest';
import { compact, History, tailOf, type Change } from './scenario';

const give = (units: string[], school: string, year = 2027): Change => ({
  change: 'reassign_units',
  stage: 'primary',
  from_year: year,
  units,
  school,
});

test('what was changed since a plan was stored is what follows the stored changes', () => {
  const saved = [give(['U1'], 'S1')];
  const more = give(['U2'], 'S2');
  expect(tailOf(saved, [...saved, more])).toEqual([more]);
  expect(tailOf(saved, [give(['U1'], 'S1'), more])).toEqual([more]);
  expect(tailOf(saved, [more])).toBeNull();
  expect(tailOf(saved, [])).toBeNull();
});

test('strokes that follow one another become one change a school, the last over a unit counting', () => {
  const strokes = [give(['U1', 'U2'], 'S1'), give(['U2', 'U3'], 'S2'), give(['U4'], 'S1')];
  expect(compact(strokes)).toEqual([give(['U1', 'U4'], 'S1'), give(['U2', 'U3'], 'S2')]);
});

test('strokes of another year, with a note or parted by another change stay apart', () => {
  const noted: Change = { ...give(['U2'], 'S1'), note: 'why' };
  const split: Change = { change: 'split_unit', unit: 'U3' };
  const list = [give(['U1'], 'S1'), noted, give(['U1'], 'S1', 2028), split, give(['U1'], 'S2', 2028)];
  expect(compact(list)).toEqual(list);
});

test('undo and redo walk the states; a new one forgets what was undone', () => {
  let history = History.of('a').do('b').do('c');
  history = history.undo().undo();
  expect([history.now, history.canUndo, history.canRedo]).toEqual(['a', false, true]);
  expect(history.undo().now).toBe('a');
  history = history.redo();
  expect(history.now).toBe('b');
  history = history.do('d');
  expect([history.now, history.canRedo, history.undo().now]).toEqual(['d', false, 'b']);
  expect(history.rewrite('e').undo().now).toBe('b');
});

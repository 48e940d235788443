import { expect, it } from 'vitest';
import { pieces } from './highlight';

it('cuts a text at what was typed, by characters', () => {
  expect(pieces('云中市槐荫街2号', [[3, 6]])).toEqual([
    { text: '云中市', typed: false },
    { text: '槐荫街', typed: true },
    { text: '2号', typed: false },
  ]);
  expect(pieces('𠮷祥里1号', [[0, 2]])[0]).toEqual({ text: '𠮷祥', typed: true });
});

it('loses nothing whatever the highlights are', () => {
  for (const highlights of [
    [],
    [[0, 99]],
    [[2, 1]],
    [
      [1, 2],
      [1, 3],
    ],
  ] as [number, number][][]) {
    expect(
      pieces('槐荫街', highlights)
        .map((p) => p.text)
        .join(''),
    ).toBe('槐荫街');
  }
});

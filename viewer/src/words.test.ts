import { expect, it } from 'vitest';
import { words } from './words';

it('says distances with one decimal near the line and none farther off', () => {
  expect(words.zh.metres(3.24)).toBe('3.2 米');
  expect(words.zh.metres(1247.6)).toBe('1,248 米');
  expect(words.en.metres(12.4)).toBe('12 m');
});

it('has a word for every status and stage in both languages', () => {
  for (const language of Object.values(words)) {
    for (const text of [
      ...Object.values(language.status),
      ...Object.values(language.explain),
      ...Object.values(language.stage),
      ...Object.values(language.matchStatus),
      ...Object.values(language.matchExplain),
      ...Object.values(language.level),
      ...Object.values(language.question),
    ]) {
      expect(text).not.toBe('');
    }
  }
});

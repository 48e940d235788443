// What a family declared, as lines to read: the name of a fact and its value in words.
import type { FamilyWords } from '../family/words';
import type { DeskWords } from './words';

// Papers have a list of their own.
const APART = ['evidence'];

export function factLines(
  facts: Record<string, unknown>,
  family: FamilyWords,
  words: DeskWords,
  chinese: boolean,
): [name: string, value: string][] {
  const values: Record<string, string> = {
    here: family.hukous.here ?? '',
    elsewhere: family.hukous.other ?? '',
    parents: family.hukouWiths.parents ?? '',
    grandparents: family.hukouWiths.grandparents ?? '',
    none: words.none,
  };
  const text = (value: unknown): string => {
    if (value === true) return words.yes;
    if (value === false) return words.no;
    if (Array.isArray(value)) return value.map(text).join(chinese ? '、' : ', ') || words.none;
    return values[String(value)] ?? String(value);
  };
  const lines = new Map<string, string>();
  for (const [key, value] of Object.entries(facts)) {
    if (APART.includes(key) || value === '' || value === null) continue;
    const known = family.fact[key] ?? key.replaceAll('_', ' ');
    lines.set(lines.has(known) ? key.replaceAll('_', ' ') : known, text(value));
  }
  return [...lines];
}

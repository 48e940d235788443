// What a family declared, as lines to read: the name of a fact and its value in words.
import type { FamilyRecord } from '../family/client';
import type { FamilyWords } from '../family/words';
import type { DeskWords } from './words';

// Papers have a list of their own.
const APART = ['evidence'];

export interface Terms {
  family: FamilyWords;
  words: DeskWords;
  chinese: boolean;
  districts: { id: string; name: string }[];
}

// A fact nobody has words for is shown by the name the policy has for it.
const nameOf = (key: string, { family, words }: Terms) =>
  words.fact[key] ?? family.fact[key] ?? key.replaceAll('_', ' ');

export function factLines(record: FamilyRecord, terms: Terms): [name: string, value: string][] {
  const { family, words, chinese, districts } = terms;
  const home = 'address_id' in record.home ? record.home.address_id : '';
  const known: Record<string, string> = {
    home: words.sameHome, // as the form names the zone of the home
    here: words.sameHome,
    elsewhere: words.elsewhere,
    none: words.none,
    ...(home ? { [home]: words.sameHome } : {}),
    ...Object.fromEntries(districts.map((d) => [d.id, d.name])),
    ...family.hukouWiths,
    ...family.disabilities,
  };
  const text = (value: unknown): string => {
    if (value === true) return words.yes;
    if (value === false) return words.no;
    if (Array.isArray(value)) return value.map(text).join(chinese ? '、' : ', ') || words.none;
    return known[String(value)] ?? String(value);
  };
  return Object.entries(record.facts)
    .filter(([key, value]) => !APART.includes(key) && value !== '' && value !== null)
    .map(([key, value]) => [nameOf(key, terms), text(value)]);
}

// What is rolled in public, typed twice: each roller's digits and the two sealed numbers.
import type { Ceremony, Draw } from './client';
import { sm3 } from './sm3';

export type Suite = Draw['suite'];

export interface Row {
  role: string;
  digits: string;
}
export interface Entry {
  rows: Row[];
  notary: string;
  bureau: string;
}

// Those the documents name; any of them may be left out, others added (draw-1.md: small letters, digits, '-').
export const ROLES = ['congress', 'cppcc', 'discipline', 'media', 'parent-1', 'parent-2'];
export const blank = (roles: string[]): Entry => ({
  rows: roles.map((role) => ({ role, digits: '' })),
  notary: '',
  bureau: '',
});

const ROLE = /^[a-z][a-z0-9-]{0,31}$/;
const DIGITS = /^\d{1,64}$/;
const NUMBER = /^[0-9a-f]{64}$/;
export const isRole = (text: string) => ROLE.test(text);
export const isDigits = (text: string) => DIGITS.test(text);
export const isNumber = (text: string) => NUMBER.test(text);
// As it is typed or pasted: spaces between groups, capitals.
export const readNumber = (text: string) => text.replace(/\s+/g, '').toLowerCase();

// Places that are wrong: the index of a row, 'notary', 'bureau', or 'rows' where nobody rolled.
export type Place = number | 'notary' | 'bureau' | 'rows';
export function faults(entry: Entry): Place[] {
  const wrong: Place[] = [];
  if (entry.rows.length === 0) wrong.push('rows');
  entry.rows.forEach((row, i) => {
    const twice = entry.rows.some((other, k) => k < i && other.role === row.role);
    if (!isRole(row.role) || !isDigits(row.digits) || twice) wrong.push(i);
  });
  if (!isNumber(readNumber(entry.notary))) wrong.push('notary');
  if (!isNumber(readNumber(entry.bureau))) wrong.push('bureau');
  return wrong;
}

// Where the second typing is not the first.
export function differences(first: Entry, second: Entry): Place[] {
  const wrong: Place[] = [];
  first.rows.forEach((row, i) => {
    if (second.rows[i]?.digits !== row.digits) wrong.push(i);
  });
  for (const place of ['notary', 'bureau'] as const)
    if (readNumber(first[place]) !== readNumber(second[place])) wrong.push(place);
  return wrong;
}

export const toCeremony = (entry: Entry): Ceremony => ({
  dice: Object.fromEntries(entry.rows.map((row) => [row.role, row.digits])),
  notary: readNumber(entry.notary),
  bureau: readNumber(entry.bureau),
});

// "0123456789abcdef" -> ["0123", "4567", ...], as a hash is read aloud.
export const inFours = (hash: string): string[] => hash.match(/.{1,4}/g) ?? [];

export interface ResultLine {
  rank: number;
  code: string;
  admitted: boolean;
}
// result.tsv of draw/1: rank, code, unit, tier, ticket, ADMIT or WAIT. Of classes, whose lines are others: nothing.
export function readResult(text: string): ResultLine[] {
  return text.split('\n').flatMap((line) => {
    const cells = line.split('\t');
    const word = cells[5];
    if (cells.length !== 6 || (word !== 'ADMIT' && word !== 'WAIT')) return [];
    return [{ rank: Number(cells[0]), code: cells[1] ?? '', admitted: word === 'ADMIT' }];
  });
}

// ---- A sealed number and what is committed to before the dice: H("draw/1 nonce\n" | role | "\n" | number).
export function newNumber(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}
const toHex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
// Null of SHA-256 where the browser has no cryptography, as on a page that came without TLS from another machine.
export async function commitment(
  suite: Suite,
  role: 'notary' | 'bureau',
  number: string,
): Promise<string | null> {
  if (!isNumber(number)) return null;
  const tag = new TextEncoder().encode(`draw/1 nonce\n${role}\n`);
  const bytes = new Uint8Array(tag.length + 32);
  bytes.set(tag);
  bytes.set(
    inFours(number).flatMap((four) => [parseInt(four.slice(0, 2), 16), parseInt(four.slice(2), 16)]),
    tag.length,
  );
  if (suite === 'sm3') return sm3(bytes);
  if (!globalThis.crypto?.subtle) return null;
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

// The journal's chain, computed again: the value of a line is SHA-256 of the value before and the line.
import type { JournalPage, JournalProof } from './client';

export const fromHex = (hex: string) =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');

export type Checked =
  { state: 'agrees'; lines: number } | { state: 'disagrees'; line: number } | { state: 'unchecked' };

// before: the value of the line before the page's first; null where it is not known, and the first line is taken on trust.
export async function checkChain(page: JournalPage, before: string | null): Promise<Checked> {
  if (!globalThis.crypto?.subtle) return { state: 'unchecked' };
  let value = page.from === 1 ? '0'.repeat(64) : before;
  let lines = 0;
  for (const [i, { line, hash }] of page.lines.entries()) {
    if (value !== null) {
      const text = new TextEncoder().encode(line);
      const bytes = new Uint8Array(32 + text.length);
      bytes.set(fromHex(value));
      bytes.set(text, 32);
      const found = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
      if (found !== hash) return { state: 'disagrees', line: page.from + i };
      lines += 1;
    }
    value = hash;
  }
  return { state: 'agrees', lines };
}

export interface JournalLine {
  number: string;
  at: string;
  actor: string;
  kind: string;
  subject: string;
  body: string;
}
// A line is number, time, actor, kind, subject and body, with tabs between; another form is shown as it is.
export function readLine(line: string): JournalLine | null {
  const cells = line.replace(/\n$/, '').split('\t');
  if (cells.length !== 6) return null;
  const [number = '', at = '', actor = '', kind = '', subject = '', body = ''] = cells;
  return { number, at, actor, kind, subject, body };
}

const sha = async (...parts: Uint8Array[]) => {
  const bytes = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
};
// Does the line lie at its place in the tree of that root? RFC 6962, section 2.1.1; null: cannot be computed here.
export async function proves(line: string, proof: JournalProof): Promise<boolean | null> {
  if (!globalThis.crypto?.subtle) return null;
  let [place, last] = [proof.number - 1, proof.size - 1];
  let hash = await sha(Uint8Array.of(0), new TextEncoder().encode(line));
  for (const step of proof.path) {
    if (last === 0) return false;
    const beside = fromHex(step);
    if (place % 2 === 1 || place === last) {
      hash = await sha(Uint8Array.of(1), beside, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place >> 1, last >> 1];
    } else {
      hash = await sha(Uint8Array.of(1), hash, beside);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 && toHex(hash) === proof.root;
}

import { expect, test } from 'vitest';
import { checkChain, fromHex, proves, readLine } from './journal';

const hex = (bytes: ArrayBuffer) =>
  [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('');
const sha = async (...parts: Uint8Array[]) =>
  hex(await crypto.subtle.digest('SHA-256', Uint8Array.from(parts.flatMap((p) => [...p]))));
const text = (t: string) => new TextEncoder().encode(t);

async function chain(lines: string[]) {
  const out = [];
  let value = '0'.repeat(64);
  for (const line of lines) {
    value = await sha(fromHex(value), text(line));
    out.push({ line, hash: value });
  }
  return out;
}
test('a chain agrees, and a changed line is the one that is named', async () => {
  const lines = await chain(['1\ta', '2\tb', '3\tc']);
  const page = { size: 3, hash: '', from: 1, lines };
  expect(await checkChain(page, null)).toEqual({ state: 'agrees', lines: 3 });
  const from2 = { ...page, from: 2, lines: lines.slice(1) };
  expect(await checkChain(from2, null)).toEqual({ state: 'agrees', lines: 1 });
  expect(await checkChain(from2, lines[0]?.hash ?? '')).toEqual({ state: 'agrees', lines: 2 });
  lines[1] = { line: '2\tB', hash: lines[1]?.hash ?? '' };
  expect(await checkChain(page, null)).toEqual({ state: 'disagrees', line: 2 });
});

// RFC 6962, section 2.1, by its own words.
async function root(lines: string[]): Promise<string> {
  if (lines.length === 1) return sha(Uint8Array.of(0), text(lines[0] ?? ''));
  let k = 1;
  while (k * 2 < lines.length) k *= 2;
  return sha(Uint8Array.of(1), fromHex(await root(lines.slice(0, k))), fromHex(await root(lines.slice(k))));
}
async function path(m: number, lines: string[]): Promise<string[]> {
  if (lines.length === 1) return [];
  let k = 1;
  while (k * 2 < lines.length) k *= 2;
  return m < k
    ? [...(await path(m, lines.slice(0, k))), await root(lines.slice(k))]
    : [...(await path(m - k, lines.slice(k))), await root(lines.slice(0, k))];
}
test('each line of journals of every size up to 12 is proved, and no other line', async () => {
  for (let size = 1; size <= 12; size += 1) {
    const lines = Array.from({ length: size }, (_, i) => `${i + 1}\tline`);
    for (let m = 0; m < size; m += 1) {
      const proof = { number: m + 1, size, root: await root(lines), path: await path(m, lines) };
      expect(await proves(lines[m] ?? '', proof)).toBe(true);
      expect(await proves('another', proof)).toBe(false);
      expect(await proves(lines[m] ?? '', { ...proof, path: [...proof.path, proof.root] })).toBe(false);
    }
  }
});
test('a line is read into its six columns', () => {
  expect(readLine('7\t2024-06-11T09:00:00\taccount:3\tseason.step\tprimary\t{"step":"zones"}')?.kind).toBe(
    'season.step',
  );
  expect(readLine('7\tshort')).toBeNull();
});

// An address as its key, and the key as the file it lies in: the same as server/publish/look_up.hpp, to the bit.

// `folds`: characters to what they fold to, of those that matter in this city.
export function keyOf(text: string, folds: Record<string, string>): string {
  let key = '';
  for (const c of text.normalize('NFC')) {
    const folded = c < '\x80' ? foldAscii(c) : (folds[c] ?? c);
    key += folded;
  }
  return key.replace(/[\s,;.:]/gu, '');
}

function foldAscii(c: string): string {
  if (c === '[' || c === '{') return '(';
  if (c === ']' || c === '}') return ')';
  if (c === '`') return "'";
  return c.toLowerCase();
}

function mixed(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function fnv(bytes: Uint8Array, basis: number): number {
  let h = basis;
  for (const byte of bytes) h = Math.imul(h ^ byte, 16777619);
  return mixed(h);
}

export function hashOf(key: string): [first: number, second: number] {
  const bytes = new TextEncoder().encode(key);
  return [fnv(bytes, 2166136261), fnv(bytes, 0x9747b28c)];
}

export function shardOf(first: number, bits: number): string {
  const shard = bits === 0 ? 0 : first >>> (32 - bits);
  return shard.toString(16).padStart(Math.max(1, Math.ceil(bits / 4)), '0');
}

// What a text may be short for: with the sign of a door or a building it was typed without.
export function variantsOf(key: string, city: string): string[] {
  const out = [key];
  if (city !== '' && key.startsWith(city)) out.push(key.slice(city.length));
  if (/\d$/.test(key)) out.push(...out.map((k) => `${k}号`));
  return [...new Set(out)].filter((k) => k !== '');
}

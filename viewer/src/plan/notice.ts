// What is made of the words of a notice.
import type { NoticeZone } from './client';

// The place a finding speaks of: "78 m of the zone's edge, at 110.464827,33.499830, follow no named line".
export function placeOf(message: string): [number, number] | null {
  const found = /\bat (-?\d+\.\d+),(-?\d+\.\d+)/.exec(message);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

// What a finding says, taken apart so that it can be said in the reader's language; null: in the service's words.
export type Said =
  | { what: 'unnamed'; metres: string; areas: boolean }
  | { what: 'beside'; metres: string; off: string; line: string }
  | { what: 'changed'; addresses: number }
  | { what: 'area'; share: number }
  | { what: 'long'; bytes: number; most: number };

export function saidOf(message: string): Said | null {
  const edge = /^(\d+) m of the zone's edge, at \S+, (.*)$/.exec(message);
  const [, metres = '', rest = ''] = edge ?? [];
  const beside = /^are drawn up to (\d+) m beside (.+); the words mean the line$/.exec(rest);
  if (beside) return { what: 'beside', metres, off: beside[1] ?? '', line: beside[2] ?? '' };
  if (rest.startsWith('follow no named line'))
    return { what: 'unnamed', metres, areas: rest.endsWith('given by named areas') };
  const changed = /^(\d+) addresses answer otherwise by the words$/.exec(message);
  if (changed) return { what: 'changed', addresses: Number(changed[1]) };
  const area = /^the words give an area that shares ([\d.]+) of it with the zone/.exec(message);
  if (area) return { what: 'area', share: Number(area[1]) };
  const long = /^the text takes (\d+) bytes of the (\d+) allowed/.exec(message);
  return long ? { what: 'long', bytes: Number(long[1]), most: Number(long[2]) } : null;
}

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// As `import --notice` reads it; with the mark that tells spreadsheets it is UTF-8.
export function noticeText(zones: readonly NoticeZone[]): string {
  const rows = zones.map(({ names, text }) => `${field(names)},,${field(text)}`);
  return `\ufeff${['学校,校区,招生范围', ...rows].join('\r\n')}\r\n`;
}

// What is made of the words of a notice.
import type { NoticeZone } from './client';

// The place a finding speaks of: "78 m of the zone's edge, at 110.464827,33.499830, follow no named line".
export function placeOf(message: string): [number, number] | null {
  const found = /\bat (-?\d+\.\d+),(-?\d+\.\d+)/.exec(message);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// As `import --notice` reads it; with the mark that tells spreadsheets it is UTF-8.
export function noticeText(zones: readonly NoticeZone[]): string {
  const rows = zones.map(({ names, text }) => `${field(names)},,${field(text)}`);
  return `\ufeff${['学校,校区,招生范围', ...rows].join('\r\n')}\r\n`;
}

// What is made of answers: the same question of the year before, ways in minutes, and links that ask again.
import type { Home, Layer, School, SchoolMatch } from './api';

// A child walks four kilometres an hour.
const METRES_PER_MINUTE = 4000 / 60;

export const minutesOf = (metres: number) => Math.max(1, Math.round(metres / METRES_PER_MINUTE));

// The layer of the school year before, of the same stage and kind.
export const layerBefore = (layers: Layer[], of: Layer) =>
  layers.find((l) => l.stage === of.stage && l.kind === of.kind && l.school_year === of.school_year - 1) ??
  null;

const ids = (schools: School[]) =>
  schools
    .map((s) => s.id)
    .sort()
    .join();
export const sameSchools = (a: SchoolMatch, b: SchoolMatch) =>
  a.status === b.status && ids(a.schools) === ids(b.schools);

// In the part of an address that browsers keep to themselves: whoever is sent the link tells the service only when
// they ask.
export function linkOf(home: Home, layer: string, here: string): string {
  const asked = new URLSearchParams({ address: home.text, layer });
  if (home.entry !== null) asked.set('entry', home.entry);
  return `${here.split('#')[0]}#/?${asked}`;
}

export function askedIn(hash: string): { home: Home; layer: string } | null {
  if (!hash.startsWith('#/?')) return null;
  const asked = new URLSearchParams(hash.slice(3));
  const text = asked.get('address')?.trim();
  return text ? { home: { text, entry: asked.get('entry') }, layer: asked.get('layer') ?? '' } : null;
}

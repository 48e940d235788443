// Outlines as they are drawn (to half a metre): decoded, and asked what lies at a place.
import type { At, City, Layer, Zone } from './data';

export function decode(path: number[], step: number): At[] {
  const out: At[] = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < path.length; i += 2) {
    x += path[i] ?? 0;
    y += path[i + 1] ?? 0;
    out.push([x * step, y * step]);
  }
  return out;
}

const UNIT_M = 0.0111319; // of latitude; of longitude times the cosine

export interface Outline {
  zone: Zone;
  rings: At[][];
}
export const outlinesOf = (layer: Layer, city: City): Outline[] =>
  layer.zones.map((zone) => ({ zone, rings: zone.rings.map((ring) => decode(ring, city.step)) }));

function crosses([x, y]: At, [ax, ay]: At, [bx, by]: At): boolean {
  return ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay);
}

function distanceM(p: At, a: At, b: At, narrow: number): number {
  const [px, py] = [(p[0] - a[0]) * narrow, p[1] - a[1]];
  const [bx, by] = [(b[0] - a[0]) * narrow, b[1] - a[1]];
  const length = bx * bx + by * by;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * bx + py * by) / length));
  return Math.hypot(px - along * bx, py - along * by) * UNIT_M;
}

export interface PlaceAnswer {
  zones: Zone[]; // that hold the place, or whose line is within `nearM`
  marginM: number; // to the nearest line of those, or of any zone where none holds it
  near: boolean; // too near to a line to say by a map
}

export const NEAR_M = 30;

export function zonesAt(place: At, outlines: Outline[]): PlaceAnswer {
  const narrow = Math.cos((place[1] / 1e7) * (Math.PI / 180));
  const inside: Zone[] = [];
  const beside: Zone[] = [];
  let marginM = Infinity;
  for (const { zone, rings } of outlines) {
    let odd = false;
    let distance = Infinity;
    for (const ring of rings) {
      ring.forEach((b, i) => {
        const a = ring[i === 0 ? ring.length - 1 : i - 1] ?? b;
        if (crosses(place, a, b)) odd = !odd;
        distance = Math.min(distance, distanceM(place, a, b, narrow));
      });
    }
    if (odd) inside.push(zone);
    else if (distance < NEAR_M) beside.push(zone);
    if (odd || distance < NEAR_M) marginM = Math.min(marginM, distance);
  }
  return { zones: [...inside, ...beside], marginM, near: marginM < NEAR_M };
}

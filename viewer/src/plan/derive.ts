// What maps and tables are made of: who owns a unit, whose zone is over its seats.
import type { Bounds } from '../api';
import { NOBODY, SHARED } from './colours';
import type { SchoolLoad } from './client';
import type { Shape } from './borders';

// Numbers of owners: 0 nobody, then each school, then each set of schools as it turns up.
export class Owners {
  #numbers = new Map<string, number>([['', 0]]);
  #keys: string[] = [''];
  of(schools: readonly string[]): number {
    const key = schools.join('+');
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#keys.length);
    this.#keys.push(key);
    return this.#keys.length - 1;
  }
  // The school whose alone it is, else ''.
  only(owner: number): string {
    const key = this.#keys[owner] ?? '';
    return key.includes('+') ? '' : key;
  }
  colour(owner: number, colours: ReadonlyMap<string, number>): number {
    const key = this.#keys[owner] ?? '';
    return key === '' ? NOBODY : key.includes('+') ? SHARED : (colours.get(key) ?? SHARED);
  }
}

// Children beyond the seats, as expected; 0 where seats are not known.
export function overOf(load: SchoolLoad | undefined): number {
  if (!load || load.seats === 'unknown') return 0;
  const expected = load.demand === 'unknown' ? load.children : load.demand;
  return Math.max(0, expected - load.seats);
}
// Half a child is no class too full.
export const isOver = (load: SchoolLoad | undefined) => overOf(load) >= 0.5;

export function boundsOf(shapes: readonly Shape[]): Bounds | null {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { geometry } of shapes) {
    for (const polygon of geometry?.coordinates ?? []) {
      for (const [lon, lat] of polygon[0] ?? []) {
        if (lon < bounds[0]) bounds[0] = lon;
        if (lat < bounds[1]) bounds[1] = lat;
        if (lon > bounds[2]) bounds[2] = lon;
        if (lat > bounds[3]) bounds[3] = lat;
      }
    }
  }
  return bounds[0] <= bounds[2] ? bounds : null;
}

// A place to put a mark: the mean of the outer ring's vertices.
export function middleOf(shape: Shape): [number, number] | null {
  const ring = shape.geometry?.coordinates[0]?.[0];
  if (!ring || ring.length === 0) return null;
  let [lon, lat] = [0, 0];
  for (const [x, y] of ring) {
    lon += x;
    lat += y;
  }
  return [lon / ring.length, lat / ring.length];
}

// A border between two zones taken hold of: the line, the vertex that moves and where it is now.
import { zoneBorder, type Border } from '../borders';
import type { Place } from '../scenario';
import type { Camera, Point } from './camera';
import { worldBox } from './picture';
import type { EdgePlot, Line } from './plot';

export interface Grip {
  left: string; // the schools on either side
  right: string;
  line: Place[];
  handle: number | null;
  to: Place | null;
}

const REACH = 8; // pixels from a border that takes hold of it
const HANDLE_REACH = 12;
const HANDLE_GAP = 26; // pixels between vertices that can be told apart

const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const between = (camera: Camera, place: Place, at: Point) => apart(camera.project(place), at);

// The border of two schools' zones at a point; schoolOf: the only school of a unit, or ''.
export function gripAt(
  at: Point,
  camera: Camera,
  edges: EdgePlot,
  borders: readonly Border[],
  schoolOf: (unit: string) => string,
): Grip | null {
  const near = worldBox([at.x, at.y, at.x, at.y], camera.frame, REACH);
  for (const i of edges.grid.near(near)) {
    const edge = edges.edges[i];
    if (!edge?.lines.some((line) => distance(line, at, camera) <= REACH)) continue;
    const [left, right] = [schoolOf(edge.a), schoolOf(edge.b)];
    if (left === '' || right === '' || left === right) continue;
    const [nearest] = zoneBorder(borders, schoolOf, left, right)
      .map((line) => ({ line, d: Math.min(...line.map((place) => between(camera, place, at))) }))
      .sort((a, b) => a.d - b.d);
    if (nearest) return { left, right, line: nearest.line, handle: null, to: null };
  }
  return null;
}

// Pixels from a point to the nearest of a line.
function distance(line: Line, at: Point, camera: Camera): number {
  let least = Infinity;
  let last: Point | null = null;
  for (let i = 0; i + 1 < line.length; i += 2) {
    const now = {
      x: ((line[i] as number) - camera.x) * camera.scale + camera.width / 2,
      y: ((line[i + 1] as number) - camera.y) * camera.scale + camera.height / 2,
    };
    if (last) {
      const [dx, dy] = [now.x - last.x, now.y - last.y];
      const along = ((at.x - last.x) * dx + (at.y - last.y) * dy) / (dx * dx + dy * dy || 1);
      const t = Math.min(1, Math.max(0, along));
      least = Math.min(least, apart({ x: last.x + t * dx, y: last.y + t * dy }, at));
    }
    last = now;
  }
  return least;
}

// Vertices that can be taken hold of, by number.
export function handles(line: readonly Place[], camera: Camera): number[] {
  const kept: number[] = [];
  let last: Point | null = null;
  for (let i = 1; i + 1 < line.length; i += 1) {
    const now = camera.project(line[i] as Place);
    if (last && apart(last, now) < HANDLE_GAP) continue;
    kept.push(i);
    last = now;
  }
  return kept;
}
export const handleAt = (grip: Grip, at: Point, camera: Camera): number | undefined =>
  handles(grip.line, camera).find((i) => between(camera, grip.line[i] as Place, at) < HANDLE_REACH);

// The stretch that changes: from the handle before to the one after, over where the vertex is dragged to.
export function stretchOf(grip: Grip | null, camera: Camera): Place[] {
  if (!grip || grip.handle === null || !grip.to) return [];
  const all = handles(grip.line, camera);
  const n = all.indexOf(grip.handle);
  const before = grip.line[n > 0 ? (all[n - 1] as number) : 0] as Place;
  const after = grip.line[n + 1 < all.length ? (all[n + 1] as number) : grip.line.length - 1] as Place;
  return [before, grip.to, after];
}

// The borders between units, of the edges they share: drawn strong where a zone ends, and dragged to move it.
import type { MultiPolygon } from './client';
import type { Place } from './scenario';

export interface Shape {
  unit: string;
  geometry: MultiPolygon | null;
}
// Each line runs with `a` on its left; b is empty where nobody is on the other side.
export interface Border {
  a: string;
  b: string;
  lines: Place[][];
}

const UNITS_A_SLICE = 400;
const key = (p: Place) => `${p[0]},${p[1]}`;

function isClockwise(ring: readonly Place[]): boolean {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [p, q] = [ring[i] as Place, ring[i + 1] as Place];
    twice += p[0] * q[1] - q[0] * p[1];
  }
  return twice < 0;
}

// Chains of edges that follow one another; a closed one ends where it begins.
export function chain(edges: readonly [Place, Place][]): Place[][] {
  const from = new Map<string, number[]>();
  edges.forEach(([p], i) => from.set(key(p), [...(from.get(key(p)) ?? []), i]));
  const ends = new Set(edges.map(([, q]) => key(q)));
  const used = new Array<boolean>(edges.length).fill(false);
  const lines: Place[][] = [];
  const follow = (first: number) => {
    const line: Place[] = [(edges[first] as [Place, Place])[0]];
    for (let at: number | undefined = first; at !== undefined;) {
      used[at] = true;
      const end: Place = (edges[at] as [Place, Place])[1];
      line.push(end);
      at = from.get(key(end))?.find((i) => !used[i]);
    }
    lines.push(line);
  };
  edges.forEach(([p], i) => {
    if (!used[i] && !ends.has(key(p))) follow(i);
  });
  edges.forEach((_, i) => {
    if (!used[i]) follow(i);
  });
  return lines;
}

// pause() is awaited between slices of the work, so that a city of twenty thousand units does not stop the page; true
// calls it off.
export async function findBorders(
  shapes: readonly Shape[],
  pause: () => Promise<boolean>,
): Promise<Border[] | null> {
  const vertices = new Map<string, number>();
  const idOf = (p: Place) => {
    const text = key(p);
    const known = vertices.get(text);
    if (known !== undefined) return known;
    vertices.set(text, vertices.size);
    return vertices.size - 1;
  };
  interface Edge {
    left: number;
    right: number;
    from: Place;
    to: Place;
  }
  const edges = new Map<number, Map<number, Edge>>(); // by lower vertex, then the higher
  for (let i = 0; i < shapes.length; i += 1) {
    if (i % UNITS_A_SLICE === UNITS_A_SLICE - 1 && (await pause())) return null;
    const rings = shapes[i]?.geometry?.coordinates ?? [];
    for (const polygon of rings) {
      polygon.forEach((ring, n) => {
        const turned = isClockwise(ring) === (n === 0); // the unit lies left of outer rings that are not
        for (let v = 0; v + 1 < ring.length; v += 1) {
          let [p, q] = [ring[v] as Place, ring[v + 1] as Place];
          if (turned) [p, q] = [q, p];
          const [m, k] = [idOf(p), idOf(q)];
          if (m === k) continue;
          const [low, high] = m < k ? [m, k] : [k, m];
          let of = edges.get(low);
          if (!of) edges.set(low, (of = new Map()));
          const found = of.get(high);
          if (found) found.right = i;
          else of.set(high, { left: i, right: -1, from: p, to: q });
        }
      });
    }
  }
  const pairs = new Map<string, { a: number; b: number; edges: [Place, Place][] }>();
  for (const of of edges.values()) {
    for (const edge of of.values()) {
      const name = `${edge.left}|${edge.right}`;
      const turned = edge.right >= 0 ? pairs.get(`${edge.right}|${edge.left}`) : undefined;
      if (turned) turned.edges.push([edge.to, edge.from]);
      else {
        const pair = pairs.get(name);
        if (pair) pair.edges.push([edge.from, edge.to]);
        else pairs.set(name, { a: edge.left, b: edge.right, edges: [[edge.from, edge.to]] });
      }
    }
  }
  if (await pause()) return null;
  return [...pairs.values()].map(({ a, b, edges: list }) => ({
    a: shapes[a]?.unit ?? '',
    b: shapes[b]?.unit ?? '',
    lines: chain(list),
  }));
}

// The borders between two schools' zones, each line with `left` on its left, the longest first.
export function zoneBorder(
  borders: readonly Border[],
  schoolOf: (unit: string) => string,
  left: string,
  right: string,
): Place[][] {
  const edges: [Place, Place][] = [];
  for (const border of borders) {
    if (border.b === '') continue;
    const [a, b] = [schoolOf(border.a), schoolOf(border.b)];
    const forward = a === left && b === right;
    if (!forward && !(a === right && b === left)) continue;
    for (const line of border.lines) {
      for (let i = 0; i + 1 < line.length; i += 1) {
        const [p, q] = [line[i] as Place, line[i + 1] as Place];
        edges.push(forward ? [p, q] : [q, p]);
      }
    }
  }
  return chain(edges).sort((x, y) => y.length - x.length);
}

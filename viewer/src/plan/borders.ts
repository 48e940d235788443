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

interface Edge {
  left: number;
  right: number; // -1: nobody
  from: Place;
  to: Place;
}
type Edges = Map<number, Map<number, Edge>>; // by number of the lower vertex, then of the higher

const ON_LINE = 2e-7; // degrees: places are rounded to 1e-7
function isOn(p: Place, { from, to }: Edge): boolean {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const long = Math.hypot(x, y);
  const along = ((p[0] - from[0]) * x + (p[1] - from[1]) * y) / long;
  const beside = Math.abs((p[0] - from[0]) * y - (p[1] - from[1]) * x) / long;
  return beside <= ON_LINE && along > ON_LINE && along < long - ON_LINE;
}

// Where a unit was cut, its parts have a vertex on the border that the unit beside them has not: an edge with nobody on its
// right is split at such vertices, and its pieces meet theirs. Time: lone edges times lone vertices within their boxes.
function splitAtJunctions(edges: Edges, idOf: (p: Place) => number) {
  const lone = [...edges.values()].flatMap((of) => [...of.values()].filter((edge) => edge.right < 0));
  const ends = [...new Map(lone.flatMap(({ from, to }) => [from, to]).map((p) => [key(p), p])).values()];
  ends.sort((p, q) => p[0] - q[0]);
  const firstFrom = (lon: number) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as Place)[0] < lon) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const cut: { edge: Edge; at: Place[] }[] = [];
  for (const edge of lone) {
    const [west, east] = [Math.min(edge.from[0], edge.to[0]), Math.max(edge.from[0], edge.to[0])];
    const at: Place[] = [];
    for (
      let i = firstFrom(west - ON_LINE);
      i < ends.length && (ends[i] as Place)[0] <= east + ON_LINE;
      i += 1
    )
      if (isOn(ends[i] as Place, edge)) at.push(ends[i] as Place);
    if (at.length > 0) cut.push({ edge, at });
  }
  const from = (edge: Edge, p: Place) => Math.hypot(p[0] - edge.from[0], p[1] - edge.from[1]);
  const sorted = (p: Place, q: Place) => [Math.min(idOf(p), idOf(q)), Math.max(idOf(p), idOf(q))] as const;
  for (const { edge } of cut) edges.get(sorted(edge.from, edge.to)[0])?.delete(sorted(edge.from, edge.to)[1]);
  for (const { edge, at } of cut) {
    at.sort((p, q) => from(edge, p) - from(edge, q));
    [...at, edge.to].forEach((to, i) => {
      const piece = { ...edge, from: i === 0 ? edge.from : (at[i - 1] as Place), to };
      const [low, high] = sorted(piece.from, piece.to);
      const of = edges.get(low) ?? new Map<number, Edge>();
      edges.set(low, of);
      const met = of.get(high);
      if (met) met.right = edge.left;
      else of.set(high, piece);
    });
  }
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
  const edges: Edges = new Map();
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
  splitAtJunctions(edges, idOf);
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

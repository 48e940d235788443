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

const UNITS_A_SLICE = 200;
const PAIRS_A_SLICE = 2000;
const key = (p: Place) => `${p[0]},${p[1]}`;

function isClockwise(ring: readonly Place[]): boolean {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [p, q] = [ring[i] as Place, ring[i + 1] as Place];
    twice += p[0] * q[1] - q[0] * p[1];
  }
  return twice < 0;
}

// Chains of edges, of vertices by number, that follow one another; a closed one ends where it begins.
export function chain(edges: readonly (readonly [number, number])[]): number[][] {
  const from = new Map<number, number[]>();
  edges.forEach(([p], i) => {
    const others = from.get(p);
    if (others) others.push(i);
    else from.set(p, [i]);
  });
  const ends = new Set(edges.map(([, q]) => q));
  const used = new Array<boolean>(edges.length).fill(false);
  const lines: number[][] = [];
  const follow = (first: number) => {
    const line = [(edges[first] as [number, number])[0]];
    for (let at: number | undefined = first; at !== undefined;) {
      used[at] = true;
      const end: number = (edges[at] as [number, number])[1];
      line.push(end);
      at = from.get(end)?.find((i) => !used[i]);
    }
    lines.push(line);
  };
  edges.forEach(([p], i) => {
    if (!used[i] && !ends.has(p)) follow(i);
  });
  edges.forEach((_, i) => {
    if (!used[i]) follow(i);
  });
  return lines;
}

// Edges that units share, of vertices by number.
class Mesh {
  readonly places: Place[] = [];
  readonly left: number[] = []; // unit by edge
  readonly right: number[] = []; // -1: nobody
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly #vertices = new Map<number | string, number>();
  readonly #edges = new Map<number, number>();

  // Places are rounded to 1e-7 degrees: within a few degrees of the first, one is an integer of 52 bits.
  vertex(p: Place): number {
    const first = this.places[0] ?? p;
    const x = Math.round((p[0] - first[0]) * 1e7) + HALF;
    const y = Math.round((p[1] - first[1]) * 1e7) + HALF;
    const inReach = x >= 0 && y >= 0 && x < 2 * HALF && y < 2 * HALF;
    const name = inReach ? x * 2 * HALF + y : key(p);
    const known = this.#vertices.get(name);
    if (known !== undefined) return known;
    this.#vertices.set(name, this.places.length);
    return this.places.push(p) - 1;
  }
  // An edge with a unit on its left; one that is there the other way round has that unit on its right.
  add(unit: number, from: number, to: number) {
    if (from === to) return;
    const name = Math.min(from, to) * MOST_VERTICES + Math.max(from, to);
    const met = this.#edges.get(name);
    if (met !== undefined) {
      this.right[met] = unit;
      return;
    }
    this.#edges.set(name, this.left.length);
    this.left.push(unit);
    this.right.push(-1);
    this.from.push(from);
    this.to.push(to);
  }
  // As if it had never been.
  drop(edge: number) {
    const [from, to] = [this.from[edge] as number, this.to[edge] as number];
    this.#edges.delete(Math.min(from, to) * MOST_VERTICES + Math.max(from, to));
    this.left[edge] = -1;
  }
}
const HALF = 2 ** 25;
const MOST_VERTICES = 2 ** 26;

const ON_LINE = 2e-7; // degrees: places are rounded to 1e-7
function isOn(p: Place, from: Place, to: Place): boolean {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const long = Math.hypot(x, y);
  const along = ((p[0] - from[0]) * x + (p[1] - from[1]) * y) / long;
  const beside = Math.abs((p[0] - from[0]) * y - (p[1] - from[1]) * x) / long;
  return beside <= ON_LINE && along > ON_LINE && along < long - ON_LINE;
}

// Where a unit was cut, its parts have a vertex on the border that the unit beside them has not: an edge with nobody on its
// right is split at such vertices, and its pieces meet theirs. Time: lone edges times lone vertices within their boxes.
function splitAtJunctions(mesh: Mesh) {
  const at = (vertex: number | undefined) => mesh.places[vertex as number] as Place;
  const lone = mesh.right.flatMap((unit, edge) => (unit < 0 ? [edge] : []));
  const ends = [...new Set(lone.flatMap((edge) => [mesh.from[edge] as number, mesh.to[edge] as number]))];
  ends.sort((m, n) => at(m)[0] - at(n)[0]);
  const firstFrom = (lon: number) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(ends[middle])[0] < lon) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const cut: { edge: number; along: number[] }[] = [];
  for (const edge of lone) {
    const [p, q] = [at(mesh.from[edge]), at(mesh.to[edge])];
    const [west, east] = [Math.min(p[0], q[0]) - ON_LINE, Math.max(p[0], q[0]) + ON_LINE];
    const along: number[] = [];
    for (let i = firstFrom(west); i < ends.length && at(ends[i])[0] <= east; i += 1)
      if (isOn(at(ends[i]), p, q)) along.push(ends[i] as number);
    if (along.length === 0) continue;
    const far = (vertex: number) => Math.hypot(at(vertex)[0] - p[0], at(vertex)[1] - p[1]);
    cut.push({ edge, along: along.sort((m, n) => far(m) - far(n)) });
  }
  const unitOf = cut.map(({ edge }) => mesh.left[edge] as number);
  for (const { edge } of cut) mesh.drop(edge);
  cut.forEach(({ edge, along }, i) => {
    let from = mesh.from[edge] as number;
    for (const to of [...along, mesh.to[edge] as number]) {
      mesh.add(unitOf[i] as number, from, to);
      from = to;
    }
  });
}

// pause() is awaited between slices of the work, so that a city of twenty thousand units does not stop the page; true
// calls it off.
export async function findBorders(
  shapes: readonly Shape[],
  pause: () => Promise<boolean>,
): Promise<Border[] | null> {
  const mesh = new Mesh();
  for (let i = 0; i < shapes.length; i += 1) {
    if (i % UNITS_A_SLICE === UNITS_A_SLICE - 1 && (await pause())) return null;
    for (const polygon of shapes[i]?.geometry?.coordinates ?? []) {
      polygon.forEach((ring, n) => {
        const turned = isClockwise(ring) === (n === 0); // the unit lies left of outer rings that are not
        const vertices = ring.map((p) => mesh.vertex(p));
        for (let v = 0; v + 1 < vertices.length; v += 1) {
          const [m, k] = [vertices[v] as number, vertices[v + 1] as number];
          if (turned) mesh.add(i, k, m);
          else mesh.add(i, m, k);
        }
      });
    }
  }
  splitAtJunctions(mesh);
  if (await pause()) return null;
  const name = (a: number, b: number) => a * (shapes.length + 1) + b + 1;
  const pairs = new Map<number, { a: number; b: number; edges: [number, number][] }>();
  for (let edge = 0; edge < mesh.left.length; edge += 1) {
    const [a, b] = [mesh.left[edge] as number, mesh.right[edge] as number];
    const [from, to] = [mesh.from[edge] as number, mesh.to[edge] as number];
    if (a < 0) continue;
    const turned = b < 0 ? undefined : pairs.get(name(b, a));
    const pair = pairs.get(name(a, b));
    if (turned) turned.edges.push([to, from]);
    else if (pair) pair.edges.push([from, to]);
    else pairs.set(name(a, b), { a, b, edges: [[from, to]] });
  }
  const borders: Border[] = [];
  for (const { a, b, edges } of pairs.values()) {
    if (borders.length % PAIRS_A_SLICE === PAIRS_A_SLICE - 1 && (await pause())) return null;
    const lines = chain(edges).map((line) => line.map((vertex) => mesh.places[vertex] as Place));
    borders.push({ a: shapes[a]?.unit ?? '', b: shapes[b]?.unit ?? '', lines });
  }
  return borders;
}

// The borders between two schools' zones, each line with `left` on its left, the longest first.
export function zoneBorder(
  borders: readonly Border[],
  schoolOf: (unit: string) => string,
  left: string,
  right: string,
): Place[][] {
  const numbers = new Map<string, number>();
  const places: Place[] = [];
  const vertex = (p: Place) => {
    const known = numbers.get(key(p));
    if (known !== undefined) return known;
    numbers.set(key(p), places.length);
    return places.push(p) - 1;
  };
  const edges: [number, number][] = [];
  for (const border of borders) {
    if (border.b === '') continue;
    const [a, b] = [schoolOf(border.a), schoolOf(border.b)];
    const forward = a === left && b === right;
    if (!forward && !(a === right && b === left)) continue;
    for (const line of border.lines) {
      for (let i = 0; i + 1 < line.length; i += 1) {
        const [p, q] = [vertex(line[i] as Place), vertex(line[i + 1] as Place)];
        edges.push(forward ? [p, q] : [q, p]);
      }
    }
  }
  return chain(edges)
    .map((line) => line.map((at) => places[at] as Place))
    .sort((x, y) => y.length - x.length);
}

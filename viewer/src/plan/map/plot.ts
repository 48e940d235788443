// The units of a city as they are drawn and found: projected once, looked up by place.
import type { Border, Shape } from '../borders';
import type { Place } from '../scenario';
import { worldOf } from './camera';
import { Grid, type Box } from './grid';

// x and y of each vertex in turn.
export type Line = Float64Array;

export interface Piece {
  unit: string;
  rings: Line[];
  box: Box | null; // null: no geometry
}
export interface Edge {
  a: string;
  b: string;
  lines: Line[];
  box: Box;
}

export function lineOf(places: readonly Place[]): Line {
  const line = new Float64Array(places.length * 2);
  places.forEach((place, i) => line.set(worldOf(place), i * 2));
  return line;
}
function boxOf(lines: readonly Line[]): Box {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      const [x, y] = [line[i] as number, line[i + 1] as number];
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < north) north = y;
      if (y > south) south = y;
    }
  }
  return [west, north, east, south];
}

export class Plot {
  readonly pieces: Piece[];
  readonly numbers = new Map<string, number>();
  readonly grid: Grid;

  constructor(shapes: readonly Shape[]) {
    this.pieces = shapes.map(({ unit, geometry }, i) => {
      this.numbers.set(unit, i);
      const rings = (geometry?.coordinates ?? []).flatMap((polygon) => polygon.map(lineOf));
      return { unit, rings, box: rings.length > 0 ? boxOf(rings) : null };
    });
    this.grid = new Grid(this.pieces.map((piece) => piece.box));
  }

  at(x: number, y: number): string | null {
    const found = this.grid.near([x, y, x, y]).find((i) => isInside((this.pieces[i] as Piece).rings, x, y));
    return found === undefined ? null : (this.pieces[found] as Piece).unit;
  }
  // Units that have a point in common with the box.
  touching(box: Box): string[] {
    return this.grid
      .near(box)
      .map((i) => this.pieces[i] as Piece)
      .filter((piece) => touches(piece.rings, box))
      .map((piece) => piece.unit);
  }
  // Units whose middle lies in the box.
  within(box: Box): string[] {
    return this.grid
      .near(box)
      .map((i) => this.pieces[i] as Piece)
      .filter(({ box: of }) => {
        if (!of) return false;
        const [x, y] = [(of[0] + of[2]) / 2, (of[1] + of[3]) / 2];
        return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
      })
      .map((piece) => piece.unit);
  }
}

// Borders between units: where the owners of a and b differ, a zone ends.
export class EdgePlot {
  readonly edges: Edge[];
  readonly grid: Grid;
  constructor(borders: readonly Border[]) {
    this.edges = borders.map(({ a, b, lines }) => {
      const drawn = lines.map(lineOf);
      return { a, b, lines: drawn, box: boxOf(drawn) };
    });
    this.grid = new Grid(this.edges.map((edge) => edge.box));
  }
}

// By the even-odd rule over all rings, so that holes are outside.
function isInside(rings: readonly Line[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [xi, yi] = [ring[i] as number, ring[i + 1] as number];
      const [xj, yj] = [ring[j] as number, ring[j + 1] as number];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

function touches(rings: readonly Line[], box: Box): boolean {
  for (const ring of rings) {
    for (let i = 0; i + 3 < ring.length; i += 2) {
      const [x, y, u, v] = [ring[i], ring[i + 1], ring[i + 2], ring[i + 3]] as [
        number,
        number,
        number,
        number,
      ];
      if (crosses(x, y, u, v, box)) return true;
    }
  }
  return isInside(rings, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
}
// Whether a segment has a point within the box: clipped to it by Liang and Barsky's method.
function crosses(x: number, y: number, u: number, v: number, [west, north, east, south]: Box): boolean {
  let [from, to] = [0, 1];
  const sides: [number, number][] = [
    [x - u, x - west],
    [u - x, east - x],
    [y - v, y - north],
    [v - y, south - y],
  ];
  for (const [p, q] of sides) {
    if (p === 0) {
      if (q < 0) return false;
    } else if (p < 0) from = Math.max(from, q / p);
    else to = Math.min(to, q / p);
  }
  return from <= to;
}

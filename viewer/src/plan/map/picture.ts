// Draws units, and the borders of their zones, on a canvas. All of it, or only what lies in some boxes: what is drawn is the
// same either way. By software a canvas fills two thousand units in a quarter of the time that WebGL takes.
import { scaleOf, type Aim } from './camera';
import type { Box } from './grid';
import { byZoom, type Look } from './look';
import type { EdgePlot, Line, Piece, Plot } from './plot';

// How a unit looks: owner * 8 + flags, the owner being a set of schools' own number.
export const OVER = 1;
export const MOVED = 2;
export const CHOSEN = 4;
export const ownerOf = (look: number) => Math.floor(look / 8);

export interface Scene {
  plot: Plot;
  edges: EdgePlot | null; // null: not known yet
  lookOf: (unit: string) => number; // -1: no such unit
  colourOf: (owner: number) => number;
}
export interface Frame {
  aim: Aim; // of the canvas' middle
  width: number; // of the canvas, CSS pixels
  height: number;
}

export const LINES_FROM = 11.5; // zoom from which lines part units
const CLOSE = 0.4; // pixels: nearer vertices are drawn as one
const PAD = 6; // pixels that lines and outlines reach beyond a unit

// The frame's pixels that a box of the world covers, with what reaches beyond it.
export function pixelsOf(box: Box, frame: Frame): Box {
  const scale = scaleOf(frame.aim.zoom);
  const [left, top] = [frame.aim.x - frame.width / 2 / scale, frame.aim.y - frame.height / 2 / scale];
  return [
    (box[0] - left) * scale - PAD,
    (box[1] - top) * scale - PAD,
    (box[2] - left) * scale + PAD,
    (box[3] - top) * scale + PAD,
  ];
}
export function worldBox([x0, y0, x1, y1]: Box, { aim, width, height }: Frame, pad = 0): Box {
  const scale = scaleOf(aim.zoom);
  const x = (at: number) => aim.x + (at - width / 2) / scale;
  const y = (at: number) => aim.y + (at - height / 2) / scale;
  return [x(x0 - pad), y(y0 - pad), x(x1 + pad), y(y1 + pad)];
}

class Pen {
  readonly #scale: number;
  readonly #left: number;
  readonly #top: number;
  constructor(
    readonly to: CanvasRenderingContext2D,
    { aim, width, height }: Frame,
  ) {
    this.#scale = scaleOf(aim.zoom);
    this.#left = aim.x - width / 2 / this.#scale;
    this.#top = aim.y - height / 2 / this.#scale;
  }
  trace(line: Line) {
    const last = line.length - 2;
    let [px, py] = [0, 0];
    for (let i = 0; i <= last; i += 2) {
      const x = ((line[i] as number) - this.#left) * this.#scale;
      const y = ((line[i + 1] as number) - this.#top) * this.#scale;
      if (i === 0) this.to.moveTo(x, y);
      else if (i < last && Math.abs(x - px) < CLOSE && Math.abs(y - py) < CLOSE) continue;
      else this.to.lineTo(x, y);
      [px, py] = [x, y];
    }
  }
  outline({ rings }: Piece) {
    this.to.beginPath();
    for (const ring of rings) this.trace(ring);
  }
}

// only: boxes in pixels; none: all of the frame.
export function drawPicture(
  to: CanvasRenderingContext2D,
  frame: Frame,
  scene: Scene,
  look: Look,
  only: readonly Box[] | null,
) {
  const boxes = only ?? [[0, 0, frame.width, frame.height] as const];
  to.save();
  if (only) {
    to.beginPath();
    for (const [x0, y0, x1, y1] of only) to.rect(x0, y0, x1 - x0, y1 - y0);
    to.clip();
  }
  to.fillStyle = look.ground;
  for (const [x0, y0, x1, y1] of boxes) to.fillRect(x0, y0, x1 - x0, y1 - y0);
  const worlds = boxes.map((box) => worldBox(box, frame, PAD));
  const pen = new Pen(to, frame);
  const { plot } = scene;
  const shown: [Piece, number][] = [];
  for (const i of plot.grid.near(...worlds)) {
    const piece = plot.pieces[i] as Piece;
    const of = scene.lookOf(piece.unit);
    if (of >= 0) shown.push([piece, of]);
  }
  drawUnits(pen, shown, scene, look, byZoom(frame.aim.zoom, [LINES_FROM, 0.3], [15, 1]), frame);
  drawZones(pen, worlds, scene, look, frame);
  to.strokeStyle = look.accent;
  to.lineWidth = byZoom(frame.aim.zoom, [10, 1.5], [15, 4]);
  for (const [piece, of] of shown) {
    if (!(of & CHOSEN)) continue;
    pen.outline(piece);
    to.stroke();
  }
  to.restore();
}

function drawUnits(
  pen: Pen,
  shown: readonly [Piece, number][],
  { colourOf }: Scene,
  look: Look,
  lineWidth: number,
  frame: Frame,
) {
  const { to } = pen;
  const hatch = to.createPattern(look.hatch, 'repeat');
  const dots = to.createPattern(look.dots, 'repeat');
  for (const [piece, of] of shown) {
    pen.outline(piece);
    to.fillStyle = look.fills[colourOf(ownerOf(of))] ?? look.ground;
    to.fill('evenodd');
    for (const pattern of [of & OVER ? hatch : null, of & MOVED ? dots : null]) {
      if (!pattern) continue;
      to.fillStyle = pattern;
      to.fill('evenodd');
    }
  }
  if (frame.aim.zoom < LINES_FROM) return;
  to.strokeStyle = look.line;
  to.lineWidth = lineWidth;
  for (const [piece] of shown) {
    pen.outline(piece);
    to.stroke();
  }
}

function drawZones(pen: Pen, worlds: readonly Box[], { edges, lookOf }: Scene, look: Look, frame: Frame) {
  if (!edges) return;
  const { to } = pen;
  const owner = (unit: string) => (unit === '' ? -1 : ownerOf(lookOf(unit)));
  to.strokeStyle = look.zone;
  to.lineWidth = byZoom(frame.aim.zoom, [9, 0.7], [12, 1.8], [16, 4]);
  to.lineCap = to.lineJoin = 'round';
  for (const i of edges.grid.near(...worlds)) {
    const edge = edges.edges[i];
    if (!edge || owner(edge.a) === owner(edge.b)) continue;
    to.beginPath();
    for (const line of edge.lines) pen.trace(line);
    to.stroke();
  }
}

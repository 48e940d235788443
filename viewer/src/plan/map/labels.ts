// Names of schools and the marks on units, over the picture. A name stands beside its school where it covers no other; those
// of overfull schools come first.
import type { Place } from '../scenario';
import { scaleOf, worldOf } from './camera';
import { meets, type Box } from './grid';
import { byZoom, type Look } from './look';
import type { Frame } from './picture';

export interface Mark {
  at: Place;
  what: 'lock' | 'comment' | 'finding';
  text: string;
}
export interface SchoolMark {
  id: string;
  name: string;
  load: string;
  over: boolean;
  at: Place;
}

const FONT = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
export const NAMES_FROM = 11.4; // zoom
const MARKS_FROM = 10.5;
const BAD = '#a3271b';
const MARK_FILLS = { finding: BAD, comment: '#7a3e9d', lock: '#455a75' } as const;
const DENSE = 500; // names that are placed at most

const widths = new Map<string, number>(); // of texts, a font of 100 pixels
function widthOf(to: CanvasRenderingContext2D, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    to.font = `100px ${FONT}`;
    width = to.measureText(text).width;
    if (widths.size > 20_000) widths.clear();
    widths.set(text, width);
  }
  return width / 100;
}

export function drawLabels(
  to: CanvasRenderingContext2D,
  frame: Frame,
  schools: readonly SchoolMark[],
  marks: readonly Mark[],
  look: Look,
) {
  const { aim, width, height } = frame;
  const scale = scaleOf(aim.zoom);
  to.clearRect(0, 0, width, height);
  const pixel = (place: Place): [number, number] => {
    const [x, y] = worldOf(place);
    return [(x - aim.x) * scale + width / 2, (y - aim.y) * scale + height / 2];
  };
  const inside = ([x, y]: readonly [number, number]) =>
    x > -40 && y > -40 && x < width + 40 && y < height + 40;

  if (aim.zoom >= MARKS_FROM) {
    to.textAlign = 'center';
    to.textBaseline = 'middle';
    to.font = `11px ${FONT}`;
    for (const { at, what, text } of marks) {
      const [x, y] = pixel(at);
      if (!inside([x, y])) continue;
      disc(to, x, y, 9, MARK_FILLS[what], '#ffffff', 1.5);
      to.fillStyle = '#ffffff';
      to.fillText(text, x, y + 0.5);
    }
  }

  const seen = schools.map((school) => ({ school, at: pixel(school.at) })).filter(({ at }) => inside(at));
  const radius = byZoom(aim.zoom, [9, 2.5], [12, 4.5], [16, 7]);
  const edge = byZoom(aim.zoom, [9, 1], [12, 1.6], [16, 2.5]);
  for (const { school, at } of seen) {
    if (school.over) disc(to, ...at, radius, BAD, '#ffffff', edge);
    else disc(to, ...at, radius, '#ffffff', look.zone, edge);
  }
  if (aim.zoom < NAMES_FROM) return;
  const size = Math.round(byZoom(aim.zoom, [NAMES_FROM, 11], [15, 14]) * 2) / 2;
  const taken: Box[] = [];
  seen.sort((a, b) => Number(b.school.over) - Number(a.school.over));
  for (const { school, at } of seen.slice(0, DENSE)) name(to, school, at, size, taken, look);
}

function disc(
  to: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  fill: string,
  edge: string,
  edgeWidth: number,
) {
  to.beginPath();
  to.arc(x, y, radius, 0, 2 * Math.PI);
  to.fillStyle = fill;
  to.fill();
  to.strokeStyle = edge;
  to.lineWidth = edgeWidth;
  to.stroke();
}

// Below, above, to the right or to the left of the school, wherever there is room first.
function name(
  to: CanvasRenderingContext2D,
  school: SchoolMark,
  [x, y]: readonly [number, number],
  size: number,
  taken: Box[],
  look: Look,
) {
  const lines = [
    { text: school.name, size },
    { text: school.load, size: size * 0.92 },
  ].filter((line) => line.text !== '');
  const wide = Math.max(...lines.map((line) => widthOf(to, line.text) * line.size));
  const high = lines.length * size * 1.2;
  const off = size * 0.7;
  const corners: [number, number, CanvasTextAlign][] = [
    [x - wide / 2, y + off, 'center'],
    [x - wide / 2, y - off - high, 'center'],
    [x + off, y - high / 2, 'left'],
    [x - off - wide, y - high / 2, 'right'],
  ];
  for (const [left, top, align] of corners) {
    const box: Box = [left - 2, top - 2, left + wide + 2, top + high + 2];
    if (taken.some((other) => meets(other, box))) continue;
    taken.push(box);
    to.textAlign = align;
    to.textBaseline = 'middle';
    to.lineJoin = 'round';
    to.strokeStyle = look.halo;
    to.lineWidth = 3.2;
    to.fillStyle = school.over ? look.bad : look.ink;
    const anchor = align === 'center' ? left + wide / 2 : align === 'left' ? left : left + wide;
    lines.forEach((line, i) => {
      to.font = `${line.size}px ${FONT}`;
      const middle = top + (i + 0.5) * size * 1.2;
      to.strokeText(line.text, anchor, middle);
      to.fillText(line.text, anchor, middle);
    });
    return;
  }
}

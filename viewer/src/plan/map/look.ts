// The look of a planner's map: units filled by school, zones parted by strong lines, overfull zones hatched.
import { FILLS, NOBODY_FILL, SHARED_FILL } from '../colours';

export interface Look {
  ground: string;
  fills: string[]; // by number of a colour (colours.ts), as they appear over the ground
  line: string; // between units
  zone: string;
  accent: string; // of what is chosen
  bad: string;
  ink: string;
  halo: string;
  hatch: HTMLCanvasElement;
  dots: HTMLCanvasElement;
}

const parts = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
export function over(colour: string, share: number, ground: string): string {
  const below = parts(ground);
  const mixed = parts(colour).map((c, i) => Math.round(c * share + (below[i] as number) * (1 - share)));
  return `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}`;
}

function tile(size: number, colour: string, draw: (to: CanvasRenderingContext2D) => void): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const to = canvas.getContext('2d');
  if (to) {
    to.fillStyle = to.strokeStyle = colour;
    draw(to);
  }
  return canvas;
}
const slanted = (colour: string) =>
  tile(8, colour, (to) => {
    to.lineWidth = 1.6;
    to.beginPath();
    for (const x of [-8, 0, 8]) {
      to.moveTo(x - 1, 9);
      to.lineTo(x + 9, -1);
    }
    to.stroke();
  });
const dotted = (colour: string) =>
  tile(14, colour, (to) => {
    to.beginPath();
    to.arc(7, 7, 2.2, 0, 2 * Math.PI);
    to.fill();
  });

const fills = (ground: string, share: number) =>
  [...FILLS, SHARED_FILL, NOBODY_FILL].map((fill) => over(fill, share, ground));

export function lookOf(dark: boolean): Look {
  if (dark) {
    const ground = '#101716';
    return {
      ground,
      fills: fills(ground, 0.6),
      line: 'rgba(10,16,15,0.45)',
      zone: '#0b1110',
      accent: '#ffffff',
      bad: '#ffd1ca',
      ink: '#f2f5f4',
      halo: 'rgba(12,18,17,0.92)',
      hatch: slanted('rgba(255,214,204,0.75)'),
      dots: dotted('rgba(255,255,255,0.9)'),
    };
  }
  const ground = '#f3f1ea';
  return {
    ground,
    fills: fills(ground, 0.7),
    line: 'rgba(60,75,72,0.30)',
    zone: '#2c3d3b',
    accent: '#0b4c52',
    bad: '#a3271b',
    ink: '#1c2b2a',
    halo: 'rgba(255,255,255,0.92)',
    hatch: slanted('rgba(120,20,12,0.75)'),
    dots: dotted('rgba(20,24,60,0.82)'),
  };
}

// A value between stops of zoom: [zoom, value]...
export function byZoom(zoom: number, ...stops: [number, number][]): number {
  const after = stops.findIndex(([at]) => at > zoom);
  if (after === 0) return (stops[0] as [number, number])[1];
  if (after < 0) return (stops.at(-1) as [number, number])[1];
  const [[z0, v0], [z1, v1]] = [stops[after - 1], stops[after]] as [[number, number], [number, number]];
  return v0 + ((v1 - v0) * (zoom - z0)) / (z1 - z0);
}

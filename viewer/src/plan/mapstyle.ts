// The look of a planner's map: units filled by school, zones parted by strong lines, overfull zones hatched.
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';
import { FILLS, NOBODY_FILL, SHARED_FILL } from './colours';

const FONT = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];
export const NONE: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

export interface Look {
  ground: string;
  ink: string;
  halo: string;
  line: string;
  zone: string;
  accent: string;
  bad: string;
}
export const LIGHT: Look = {
  ground: '#f3f1ea',
  ink: '#1c2b2a',
  halo: 'rgba(255,255,255,0.92)',
  line: 'rgba(60,75,72,0.30)',
  zone: '#2c3d3b',
  accent: '#0b4c52',
  bad: '#a3271b',
};
export const DARK: Look = {
  ground: '#101716',
  ink: '#f2f5f4',
  halo: 'rgba(12,18,17,0.92)',
  line: 'rgba(10,16,15,0.45)',
  zone: '#0b1110',
  accent: '#ffffff',
  bad: '#ffd1ca',
};

const state = (name: string, otherwise: unknown): ExpressionSpecification =>
  ['coalesce', ['feature-state', name], otherwise] as unknown as ExpressionSpecification;
const fill: ExpressionSpecification = [
  'to-color',
  ['at', state('c', ['get', 'c']), ['literal', [...FILLS, SHARED_FILL, NOBODY_FILL]]],
];
const flag = (name: string, yes: number, no: number): ExpressionSpecification => [
  'case',
  ['boolean', ['feature-state', name], false],
  yes,
  no,
];
const byZoom = (...stops: (number | ExpressionSpecification)[]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification;

export function planStyle(look: Look, dark: boolean): StyleSpecification {
  return {
    version: 8,
    sources: {
      units: { type: 'geojson', data: NONE, promoteId: 'unit', tolerance: 0.15, buffer: 16, maxzoom: 15 },
      borders: { type: 'geojson', data: NONE, promoteId: 'id', tolerance: 0.15, buffer: 16, maxzoom: 15 },
      schools: { type: 'geojson', data: NONE, promoteId: 'id' },
      marks: { type: 'geojson', data: NONE },
      draft: { type: 'geojson', data: NONE, promoteId: 'id' },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': look.ground } },
      {
        id: 'unit-fill',
        type: 'fill',
        source: 'units',
        paint: { 'fill-color': fill, 'fill-opacity': dark ? 0.6 : 0.7, 'fill-antialias': false },
      },
      {
        id: 'unit-over',
        type: 'fill',
        source: 'units',
        layout: { visibility: 'none' },
        paint: { 'fill-pattern': 'hatch', 'fill-opacity': flag('over', 0.75, 0) },
      },
      {
        id: 'unit-moved',
        type: 'fill',
        source: 'units',
        layout: { visibility: 'none' },
        paint: { 'fill-pattern': 'dots', 'fill-opacity': flag('moved', 1, 0) },
      },
      {
        id: 'unit-line',
        type: 'line',
        source: 'units',
        minzoom: 11.5,
        paint: { 'line-color': look.line, 'line-width': byZoom(11.5, 0.3, 15, 1) },
      },
      {
        id: 'border',
        type: 'line',
        source: 'borders',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': look.zone,
          'line-width': byZoom(9, flag('on', 0.7, 0), 12, flag('on', 1.8, 0), 16, flag('on', 4, 0)),
        },
      },
      {
        id: 'unit-chosen',
        type: 'line',
        source: 'units',
        layout: { visibility: 'none' },
        paint: {
          'line-color': look.accent,
          'line-width': byZoom(10, flag('chosen', 1.5, 0), 15, flag('chosen', 4, 0)),
        },
      },
      {
        id: 'draft-fill',
        type: 'fill',
        source: 'draft',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': look.accent, 'fill-opacity': 0.14 },
      },
      {
        id: 'draft-line',
        type: 'line',
        source: 'draft',
        filter: ['!=', ['geometry-type'], 'Point'],
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': look.bad, 'line-width': 3 },
      },
      {
        id: 'draft-point',
        type: 'circle',
        source: 'draft',
        filter: ['==', ['geometry-type'], 'Point'],
        paint: {
          'circle-radius': 6,
          'circle-color': '#ffffff',
          'circle-stroke-color': look.bad,
          'circle-stroke-width': 2.5,
        },
      },
      {
        id: 'mark',
        type: 'circle',
        source: 'marks',
        minzoom: 10.5,
        paint: {
          'circle-radius': 9,
          'circle-color': ['match', ['get', 'what'], 'finding', '#a3271b', 'comment', '#7a3e9d', '#455a75'],
          'circle-stroke-color': '#ffffff',
          'circle-stroke-width': 1.5,
        },
      },
      {
        id: 'mark-text',
        type: 'symbol',
        source: 'marks',
        minzoom: 10.5,
        layout: {
          'text-field': ['get', 'text'],
          'text-font': FONT,
          'text-size': 11,
          'text-allow-overlap': true,
        },
        paint: { 'text-color': '#ffffff' },
      },
      {
        id: 'school',
        type: 'circle',
        source: 'schools',
        paint: {
          'circle-radius': byZoom(9, 2.5, 12, 4.5, 16, 7),
          'circle-color': ['case', ['get', 'over'], '#a3271b', '#ffffff'],
          'circle-stroke-color': ['case', ['get', 'over'], '#ffffff', look.zone],
          'circle-stroke-width': byZoom(9, 1, 12, 1.6, 16, 2.5),
        },
      },
      {
        id: 'school-name',
        type: 'symbol',
        source: 'schools',
        minzoom: 11.4,
        layout: {
          'text-field': ['format', ['get', 'name'], {}, '\n', {}, ['get', 'load'], { 'font-scale': 0.92 }],
          'text-font': FONT,
          'text-size': byZoom(11.4, 11, 15, 14),
          'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
          'text-radial-offset': 0.7,
          'text-max-width': 20,
          'symbol-sort-key': ['case', ['get', 'over'], 0, 1],
        },
        paint: {
          'text-color': ['case', ['get', 'over'], look.bad, look.ink],
          'text-halo-color': look.halo,
          'text-halo-width': 1.8,
        },
      },
    ],
  };
}

export interface Picture {
  width: number;
  height: number;
  data: Uint8Array;
}
function picture(size: number, at: (x: number, y: number) => readonly number[] | null): Picture {
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) data.set(at(x, y) ?? [0, 0, 0, 0], (y * size + x) * 4);
  }
  return { width: size, height: size, data };
}
// Overfull: slanted lines. Who moves: dots.
const slanted = (colour: readonly number[]) => picture(16, (x, y) => ((x + y) % 8 < 2 ? colour : null));
const dotted = (colour: readonly number[]) =>
  picture(14, (x, y) => ((x - 7) ** 2 + (y - 7) ** 2 <= 4 ? colour : null));
export const PICTURES = {
  light: { hatch: slanted([120, 20, 12, 255]), dots: dotted([20, 24, 60, 210]) },
  dark: { hatch: slanted([255, 214, 204, 255]), dots: dotted([255, 255, 255, 230]) },
};

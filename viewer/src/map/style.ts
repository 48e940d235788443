// The look of the map: muted fills so that lines and names lead, no base map, no font server (names are drawn with the
// fonts of the device).
import type { ExpressionSpecification, FilterSpecification, StyleSpecification } from 'maplibre-gl';
import type { TileSource } from '../api';

// Neighbours never share a number (the service colours the map); all are of one lightness, so none looks more important.
export const FILLS = [
  '#c9dcd3',
  '#e8dcc4',
  '#d3d8ea',
  '#ecd5cd',
  '#dfe2c0',
  '#c8dfe6',
  '#e4d2e0',
  '#d8d6cb',
] as const;

const INK = '#24403f';
const ACCENT = '#0f5f66';
const FONT = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];

// From afar zones are named, from near by their schools: never both, they would lie upon each other.
const NAMES_OF_SCHOOLS = 11.2;

const fillColour: ExpressionSpecification = ['to-color', ['at', ['get', 'colour'], ['literal', [...FILLS]]]];

export const NOTHING: FilterSpecification = ['==', ['get', 'id'], ''];
export function anyOf(ids: string[]): FilterSpecification {
  return ['in', ['get', 'id'], ['literal', ids]];
}

export function noneOf(ids: string[]): FilterSpecification {
  return ['!', anyOf(ids) as ExpressionSpecification];
}

export function mapStyle(source: TileSource): StyleSpecification {
  return {
    version: 8,
    sources: {
      zones: { type: 'vector', ...source },
      place: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
      way: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': '#f3f1ea' } },
      {
        id: 'zone-fill',
        type: 'fill',
        source: 'zones',
        'source-layer': 'zones',
        paint: { 'fill-color': fillColour, 'fill-antialias': false },
      },
      {
        id: 'zone-chosen-fill',
        type: 'fill',
        source: 'zones',
        'source-layer': 'zones',
        filter: NOTHING,
        paint: { 'fill-color': ACCENT, 'fill-opacity': 0.26, 'fill-antialias': false },
      },
      {
        id: 'zone-line',
        type: 'line',
        source: 'zones',
        'source-layer': 'zone_lines',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: {
          'line-color': ['case', ['get', 'outer'], '#6f8580', '#8a9c96'],
          'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.5, 12, 1, 16, 2],
        },
      },
      {
        id: 'zone-chosen-line',
        type: 'line',
        source: 'zones',
        'source-layer': 'zones',
        filter: NOTHING,
        layout: { 'line-join': 'round' },
        paint: { 'line-color': ACCENT, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1.5, 14, 3] },
      },
      {
        id: 'school',
        type: 'circle',
        source: 'zones',
        'source-layer': 'schools',
        minzoom: NAMES_OF_SCHOOLS,
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, 3, 12, 3.6, 16, 6],
          'circle-color': '#ffffff',
          'circle-stroke-color': INK,
          'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 1.4, 16, 2.4],
        },
      },
      {
        id: 'school-name',
        type: 'symbol',
        source: 'zones',
        'source-layer': 'schools',
        minzoom: NAMES_OF_SCHOOLS,
        layout: {
          'text-field': ['get', 'name'],
          'text-font': FONT,
          'text-size': ['interpolate', ['linear'], ['zoom'], 12, 12, 16, 14.5],
          'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
          'text-radial-offset': 0.7,
          'text-max-width': 13,
        },
        paint: { 'text-color': INK, 'text-halo-color': 'rgba(255,255,255,0.92)', 'text-halo-width': 1.6 },
      },
      {
        id: 'zone-name',
        type: 'symbol',
        source: 'zones',
        'source-layer': 'zone_labels',
        minzoom: 9.4,
        maxzoom: NAMES_OF_SCHOOLS,
        layout: {
          'text-field': ['get', 'name'],
          'text-font': FONT,
          'text-size': ['interpolate', ['linear'], ['zoom'], 9.4, 11, 11, 13],
          'text-max-width': 12,
          'text-padding': 4,
        },
        paint: {
          'text-color': '#3c5250',
          'text-halo-color': 'rgba(255,255,255,0.85)',
          'text-halo-width': 1.4,
        },
      },
      {
        id: 'way-case',
        type: 'line',
        source: 'way',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': '#ffffff', 'line-width': 8 },
      },
      {
        id: 'way',
        type: 'line',
        source: 'way',
        layout: { 'line-join': 'round', 'line-cap': 'round' },
        paint: { 'line-color': '#b3402e', 'line-width': 4, 'line-dasharray': [0.1, 1.8] },
      },
      {
        id: 'place-school',
        type: 'circle',
        source: 'place',
        filter: ['==', ['get', 'what'], 'school'],
        paint: {
          'circle-radius': 7,
          'circle-color': ACCENT,
          'circle-stroke-color': '#ffffff',
          'circle-stroke-width': 2,
        },
      },
      {
        id: 'place-school-name',
        type: 'symbol',
        source: 'place',
        filter: ['==', ['get', 'what'], 'school'],
        layout: {
          'text-field': ['get', 'name'],
          'text-font': FONT,
          'text-size': 14,
          'text-max-width': 14,
          'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
          'text-radial-offset': 0.9,
        },
        paint: { 'text-color': '#083c41', 'text-halo-color': '#ffffff', 'text-halo-width': 2 },
      },
      {
        id: 'place-halo',
        type: 'circle',
        source: 'place',
        filter: ['==', ['get', 'what'], 'point'],
        paint: { 'circle-radius': 16, 'circle-color': '#b3402e', 'circle-opacity': 0.18 },
      },
      {
        id: 'place-point',
        type: 'circle',
        source: 'place',
        filter: ['==', ['get', 'what'], 'point'],
        paint: {
          'circle-radius': 7,
          'circle-color': '#b3402e',
          'circle-stroke-color': '#ffffff',
          'circle-stroke-width': 2.5,
        },
      },
    ],
  };
}

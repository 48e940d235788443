// Drawing a polygon or a line by hand, by terra-draw, which is loaded when somebody first draws.
import type { Map as MapLibre } from 'maplibre-gl';
import type { Place } from './scenario';

export interface Drawing {
  kind: 'polygon' | 'linestring';
  places: Place[]; // a ring does not come back to its first place
}

const rounded = ([lon, lat]: readonly number[]): Place => [
  Number((lon ?? 0).toFixed(7)),
  Number((lat ?? 0).toFixed(7)),
];

// Draws until the function it answers is called.
export async function drawOn(
  map: MapLibre,
  kind: Drawing['kind'],
  ondrawn: (drawing: Drawing) => void,
): Promise<() => void> {
  const [{ TerraDraw, TerraDrawPolygonMode, TerraDrawLineStringMode }, { TerraDrawMapLibreGLAdapter }] =
    await Promise.all([import('terra-draw'), import('terra-draw-maplibre-gl-adapter')]);
  const look = {
    fillColor: '#0f5f66',
    fillOpacity: 0.15,
    outlineColor: '#a3271b',
    outlineWidth: 3,
    lineStringColor: '#a3271b',
    lineStringWidth: 3,
    closingPointColor: '#a3271b',
    closingPointWidth: 6,
  } as const;
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 7 }),
    modes: [
      kind === 'polygon'
        ? new TerraDrawPolygonMode({ styles: look })
        : new TerraDrawLineStringMode({ styles: look }),
    ],
  });
  draw.start();
  draw.setMode(kind);
  draw.on('finish', (id) => {
    const geometry = draw.getSnapshotFeature(id)?.geometry;
    draw.clear();
    if (geometry?.type === 'Polygon')
      ondrawn({ kind, places: (geometry.coordinates[0] ?? []).slice(0, -1).map(rounded) });
    if (geometry?.type === 'LineString') ondrawn({ kind, places: geometry.coordinates.map(rounded) });
  });
  return () => {
    if (draw.enabled) draw.stop();
  };
}

// Drawing a polygon or a line by hand, by terra-draw, which is loaded when somebody first draws.
import type { TerraDrawExtend } from 'terra-draw';
import type { Camera } from './map/camera';
import type { Place } from './scenario';

export interface Drawing {
  kind: 'polygon' | 'linestring';
  places: Place[]; // a ring does not come back to its first place
}

// What is being drawn, as it is shown.
export interface Draft {
  lines: { places: readonly Place[]; isRing: boolean }[];
  points: readonly Place[];
}
export const NO_DRAFT: Draft = { lines: [], points: [] };

const rounded = ([lon, lat]: readonly number[]): Place => [
  Number((lon ?? 0).toFixed(7)),
  Number((lat ?? 0).toFixed(7)),
];

type Changes = Parameters<TerraDrawExtend.TerraDrawBaseAdapter['render']>[0];
function draftOf({ created, updated, unchanged }: Changes): Draft {
  const draft: { lines: Draft['lines']; points: Place[] } = { lines: [], points: [] };
  for (const { geometry } of [...unchanged, ...updated, ...created]) {
    if (geometry.type === 'Point') draft.points.push(geometry.coordinates as Place);
    if (geometry.type === 'LineString')
      draft.lines.push({ places: geometry.coordinates as Place[], isRing: false });
    if (geometry.type === 'Polygon')
      draft.lines.push({ places: (geometry.coordinates[0] ?? []) as Place[], isRing: true });
  }
  return draft;
}

// Draws on `on`, which shows what the camera sees, until the function it answers is called. ondraft: after every stroke of
// the pen.
export async function drawOn(
  on: HTMLElement,
  camera: Camera,
  kind: Drawing['kind'],
  ondraft: (draft: Draft) => void,
  ondrawn: (drawing: Drawing) => void,
): Promise<() => void> {
  const {
    TerraDraw,
    TerraDrawPolygonMode,
    TerraDrawLineStringMode,
    TerraDrawExtend: Extend,
  } = await import('terra-draw');
  class Adapter extends Extend.TerraDrawBaseAdapter {
    getMapEventElement() {
      return on;
    }
    getLngLatFromEvent(event: PointerEvent | MouseEvent) {
      const { containerX, containerY } = this.getMapElementXYPosition(event);
      return this.unproject(containerX, containerY);
    }
    project(lng: number, lat: number) {
      return camera.project([lng, lat]);
    }
    unproject(x: number, y: number) {
      const [lng, lat] = camera.unproject({ x, y });
      return { lng, lat };
    }
    setCursor() {} // it is the map's
    setDraggability() {}
    setDoubleClickToZoom() {}
    render(changes: Changes) {
      ondraft(draftOf(changes));
    }
    clear() {
      ondraft(NO_DRAFT);
    }
    override register(callbacks: Parameters<TerraDrawExtend.TerraDrawBaseAdapter['register']>[0]) {
      super.register(callbacks);
      callbacks.onReady?.();
    }
  }
  const draw = new TerraDraw({
    adapter: new Adapter({ coordinatePrecision: 7 }),
    modes: [kind === 'polygon' ? new TerraDrawPolygonMode() : new TerraDrawLineStringMode()],
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
    ondraft(NO_DRAFT);
  };
}

import { expect, test } from 'vitest';
import { EdgePlot, Plot } from './plot';
import type { Border, Shape } from '../borders';
import type { Place } from '../scenario';
import { unitsUnder } from './brush';
import { Camera, placeOf, worldOf } from './camera';
import { Grid, meets, type Box } from './grid';
import { gripAt, handleAt, handles, stretchOf } from './grip';
import { over } from './look';
import { pixelsOf, worldBox } from './picture';

const square = (unit: string, lon: number, lat: number, side = 0.01): Shape => {
  const ring: Place[] = [
    [lon, lat],
    [lon + side, lat],
    [lon + side, lat + side],
    [lon, lat + side],
    [lon, lat],
  ];
  return { unit, geometry: { type: 'MultiPolygon', coordinates: [[ring]] } };
};
function eye(width = 800, height = 600): Camera {
  const camera = new Camera();
  camera.resize(width, height);
  return camera;
}

test('a place goes to the world and back', () => {
  for (const place of [
    [0, 0],
    [110.46, 33.5],
    [-70, -60],
  ] as Place[]) {
    const [lon, lat] = placeOf(...worldOf(place));
    expect(lon).toBeCloseTo(place[0], 9);
    expect(lat).toBeCloseTo(place[1], 9);
  }
});

test('what is zoomed at stays under the pointer, and what is dragged goes with it', () => {
  const camera = eye();
  camera.look(camera.aimAt([110, 33, 110.2, 33.1], 36, 15.5));
  const at = { x: 123, y: 456 };
  const place = camera.unproject(at);
  camera.zoomBy(1.7, at);
  expect(camera.project(place).x).toBeCloseTo(123, 5);
  expect(camera.project(place).y).toBeCloseTo(456, 5);
  camera.panBy(30, -20);
  expect(camera.project(place).x).toBeCloseTo(153, 5);
  expect(camera.project(place).y).toBeCloseTo(436, 5);
});

test('bounds are seen whole, with room around', () => {
  const camera = eye();
  camera.look(camera.aimAt([110, 33, 110.2, 33.1], 36, 15.5));
  const [a, b] = [camera.project([110, 33.1]), camera.project([110.2, 33])];
  expect(Math.min(a.x, a.y)).toBeGreaterThanOrEqual(35.9);
  expect(b.x).toBeLessThanOrEqual(764.1);
  expect(b.y).toBeLessThanOrEqual(564.1);
});

test('a grid finds what looking at every box finds', () => {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const box = (size: number): Box => {
    const [x, y] = [next(), next()];
    return [x, y, x + next() * size, y + next() * size];
  };
  const boxes = Array.from({ length: 300 }, (_, i) => (i % 17 === 0 ? null : box(0.1)));
  const grid = new Grid(boxes);
  for (let n = 0; n < 200; n += 1) {
    const [a, b] = [box(0.3), box(0.3)];
    const plain = boxes.flatMap((of, i) => (of && (meets(of, a) || meets(of, b)) ? [i] : []));
    expect(grid.near(a, b)).toEqual(plain);
  }
});

test('a unit is found by a point in it, not in its hole; a brush finds all that it touches', () => {
  const hole: Place[] = [
    [110.002, 33.002],
    [110.004, 33.002],
    [110.004, 33.004],
    [110.002, 33.002],
  ];
  const holed = square('A', 110, 33);
  holed.geometry?.coordinates[0]?.push(hole);
  const plot = new Plot([holed, square('B', 110.01, 33), { unit: 'C', geometry: null }]);
  expect(plot.at(...worldOf([110.005, 33.005]))).toBe('A');
  expect(plot.at(...worldOf([110.0035, 33.0025]))).toBeNull();
  expect(plot.at(...worldOf([110.015, 33.005]))).toBe('B');
  expect(plot.at(...worldOf([110.5, 33]))).toBeNull();
  const about = (lon: number, lat: number, by: number): Box => {
    const [[w, n], [e, s]] = [worldOf([lon - by, lat + by]), worldOf([lon + by, lat - by])];
    return [w, n, e, s];
  };
  expect(plot.touching(about(110.0095, 33.005, 0.001))).toEqual(['A', 'B']);
  expect(plot.touching(about(110.007, 33.007, 0.0005))).toEqual(['A']); // well within
  expect(plot.touching(about(110.0035, 33.0025, 0.0001))).toEqual([]); // within the hole
  expect(plot.within(about(110.01, 33.005, 0.006))).toEqual(['A', 'B']);
  expect(plot.within(about(110.005, 33.005, 0.002))).toEqual(['A']);
});

test('a brush that was fast leaves out nothing on its way', () => {
  const plot = new Plot(Array.from({ length: 10 }, (_, i) => square(`U${i}`, 110 + i * 0.01, 33)));
  const camera = eye();
  camera.look(camera.aimAt([110, 33, 110.1, 33.01], 36, 19));
  const [a, b] = [camera.project([110.015, 33.005]), camera.project([110.085, 33.005])];
  const found = unitsUnder(plot, camera, 4, a, [b]);
  expect([...found].sort()).toEqual(['U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7', 'U8']);
});

test('pixels of a box and the world under them agree', () => {
  const camera = eye();
  camera.look(camera.aimAt([110, 33, 110.2, 33.1], 36, 15.5));
  const [x0, y0, x1, y1] = pixelsOf(worldBox([10, 20, 110, 220], camera.frame), camera.frame);
  expect([x0 + 6, y0 + 6, x1 - 6, y1 - 6].map(Math.round)).toEqual([10, 20, 110, 220]);
});

test('a border is taken hold of where its zones differ, and a vertex dragged changes the stretch between its neighbours', () => {
  const line: Place[] = Array.from({ length: 9 }, (_, i) => [110.01, 33 + i * 0.00125]);
  const borders: Border[] = [
    { a: 'B', b: 'A', lines: [line] },
    { a: 'A', b: '', lines: [[line[0] as Place, [110, 33]]] },
  ];
  const camera = eye();
  camera.look(camera.aimAt([110, 33, 110.02, 33.01], 36, 19));
  const schoolOf = (unit: string) => ({ A: 'S1', B: 'S2' })[unit] ?? '';
  const edges = new EdgePlot(borders);
  const at = camera.project([110.01, 33.005]);
  const grip = gripAt({ x: at.x + 5, y: at.y }, camera, edges, borders, schoolOf);
  expect([grip?.left, grip?.right, grip?.line.length]).toEqual(['S2', 'S1', 9]);
  expect(gripAt({ x: at.x + 60, y: at.y }, camera, edges, borders, schoolOf)).toBeNull();
  expect(gripAt(at, camera, edges, borders, () => 'S1')).toBeNull();
  if (!grip) return;
  const all = handles(grip.line, camera);
  expect(all).toContain(4);
  expect(handleAt(grip, at, camera)).toBe(4);
  const n = all.indexOf(4);
  const to: Place = [110.012, 33.005];
  expect(stretchOf({ ...grip, handle: 4, to }, camera)).toEqual([
    grip.line[all[n - 1] as number],
    to,
    grip.line[all[n + 1] as number],
  ]);
  expect(stretchOf(grip, camera)).toEqual([]);
});

test('a colour over the ground is what a map of glass would show', () => {
  expect(over('#ff0000', 0.5, '#000000')).toBe('#800000');
  expect(over('#77aadd', 1, '#f3f1ea')).toBe('#77aadd');
});

// Where a planner's map looks: Web Mercator, north up. World coordinates run from 0 to 1, x to the east and y to the south;
// zoom is counted as web maps do, the world 512 pixels wide at 0. Screen points are CSS pixels from the map's upper left.
import type { Bounds } from '../../api';
import type { Place } from '../scenario';

export interface Point {
  x: number;
  y: number;
}
export interface Aim {
  x: number; // world, of the middle
  y: number;
  zoom: number;
}

const MOST_ZOOM = 19;
const LEAST_ZOOM = 3;
const EASE_MS = 260;

export function worldOf([lon, lat]: Place): [number, number] {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}
export function placeOf(x: number, y: number): Place {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI];
}
export const scaleOf = (zoom: number) => 512 * 2 ** zoom; // pixels across the world

export class Camera {
  width = 1;
  height = 1;
  x = 0.5;
  y = 0.5;
  zoom = LEAST_ZOOM;

  readonly #followers = new Set<() => void>();
  #easing = 0;

  get scale() {
    return scaleOf(this.zoom);
  }
  get isEasing() {
    return this.#easing !== 0;
  }
  get frame(): { aim: Aim; width: number; height: number } {
    return { aim: { x: this.x, y: this.y, zoom: this.zoom }, width: this.width, height: this.height };
  }
  project(place: Place): Point {
    const [x, y] = worldOf(place);
    return { x: (x - this.x) * this.scale + this.width / 2, y: (y - this.y) * this.scale + this.height / 2 };
  }
  worldAt({ x, y }: Point): [number, number] {
    return [this.x + (x - this.width / 2) / this.scale, this.y + (y - this.height / 2) / this.scale];
  }
  unproject(point: Point): Place {
    return placeOf(...this.worldAt(point));
  }
  metresPerPixel(): number {
    const [, lat] = placeOf(this.x, this.y);
    return (40_075_016.7 * Math.cos((lat * Math.PI) / 180)) / this.scale;
  }

  // Calls back after every move; answers how to stop that.
  on(moved: () => void): () => void {
    this.#followers.add(moved);
    return () => this.#followers.delete(moved);
  }
  resize(width: number, height: number) {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    for (const moved of this.#followers) moved();
  }
  look(aim: Aim) {
    this.x = Math.min(1, Math.max(0, aim.x));
    this.y = Math.min(1, Math.max(0, aim.y));
    this.zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, aim.zoom));
    for (const moved of this.#followers) moved();
  }
  panBy(dx: number, dy: number) {
    this.stop();
    this.look({ x: this.x - dx / this.scale, y: this.y - dy / this.scale, zoom: this.zoom });
  }
  // The place under `about` stays there.
  zoomBy(by: number, about: Point = { x: this.width / 2, y: this.height / 2 }) {
    this.stop();
    this.look(this.#zoomed(by, about));
  }
  easeBy(by: number, about: Point = { x: this.width / 2, y: this.height / 2 }) {
    this.ease(this.#zoomed(by, about));
  }
  #zoomed(by: number, about: Point): Aim {
    const [x, y] = this.worldAt(about);
    const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, this.zoom + by));
    const scale = scaleOf(zoom);
    return { x: x - (about.x - this.width / 2) / scale, y: y - (about.y - this.height / 2) / scale, zoom };
  }

  // The nearest look at all of the bounds, no nearer than mostZoom.
  aimAt([west, south, east, north]: Bounds, padding: number, mostZoom: number): Aim {
    const [left, bottom] = worldOf([west, south]);
    const [right, top] = worldOf([east, north]);
    const scale = Math.min(
      Math.max(1, this.width - 2 * padding) / Math.max(right - left, 1e-12),
      Math.max(1, this.height - 2 * padding) / Math.max(bottom - top, 1e-12),
    );
    return { x: (left + right) / 2, y: (top + bottom) / 2, zoom: Math.min(mostZoom, Math.log2(scale / 512)) };
  }

  // There in a quarter of a second; at once where people want less motion.
  ease(to: Aim) {
    this.stop();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.look(to);
      return;
    }
    const from: Aim = { x: this.x, y: this.y, zoom: this.zoom };
    let begun = 0;
    const step = (now: number) => {
      begun ||= now;
      const t = Math.min(1, (now - begun) / EASE_MS);
      const k = t * t * (3 - 2 * t);
      this.#easing = t < 1 ? requestAnimationFrame(step) : 0;
      // The middle goes as fast as the scale lets it, so that what is zoomed at stays in sight.
      const zoom = from.zoom + (to.zoom - from.zoom) * k;
      const [s0, s1, s] = [scaleOf(from.zoom), scaleOf(to.zoom), scaleOf(zoom)];
      const along = Math.abs(s1 - s0) < 1e-6 * s0 ? k : (1 / s0 - 1 / s) / (1 / s0 - 1 / s1);
      this.look({ x: from.x + (to.x - from.x) * along, y: from.y + (to.y - from.y) * along, zoom });
    };
    this.#easing = requestAnimationFrame(step);
  }
  stop() {
    if (this.#easing !== 0) cancelAnimationFrame(this.#easing);
    this.#easing = 0;
  }
}

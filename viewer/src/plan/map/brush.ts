// Units under a square brush that is drawn along a line of points, at steps no longer than it.
import type { Camera, Point } from './camera';
import { worldBox } from './picture';
import type { Plot } from './plot';

const LEAST_STEP = 6; // pixels

export function unitsUnder(
  plot: Plot,
  camera: Camera,
  radius: number,
  from: Point,
  moves: readonly Point[],
): string[] {
  const units = new Set<string>();
  for (const to of moves) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const steps = Math.max(1, Math.ceil(Math.hypot(dx, dy) / Math.max(radius, LEAST_STEP)));
    for (let i = 1; i <= steps; i += 1) {
      const [x, y] = [from.x + (dx * i) / steps, from.y + (dy * i) / steps];
      for (const unit of plot.touching(worldBox([x, y, x, y], camera.frame, radius))) units.add(unit);
    }
    from = to;
  }
  return [...units];
}

// What lies over a planner's map and moves as the hand does: a border that is dragged, a line that is drawn.
import type { Draft } from '../drawing';
import type { Place } from '../scenario';
import type { Camera } from './camera';
import { handles, stretchOf, type Grip } from './grip';
import type { Look } from './look';

const LINE = 3;

export function drawFace(
  to: CanvasRenderingContext2D,
  camera: Camera,
  grip: Grip | null,
  draft: Draft,
  look: Look,
) {
  to.clearRect(0, 0, camera.width, camera.height);
  to.lineCap = to.lineJoin = 'round';
  to.strokeStyle = look.bad;
  to.lineWidth = LINE;
  const trace = (places: readonly Place[]) => {
    to.beginPath();
    places.forEach((place, i) => {
      const { x, y } = camera.project(place);
      if (i === 0) to.moveTo(x, y);
      else to.lineTo(x, y);
    });
  };
  const point = (place: Place, radius: number) => {
    const { x, y } = camera.project(place);
    to.beginPath();
    to.arc(x, y, radius, 0, 2 * Math.PI);
    to.fillStyle = '#ffffff';
    to.fill();
    to.lineWidth = 2.5;
    to.stroke();
  };
  for (const { places, isRing } of draft.lines) {
    trace(places);
    if (isRing) {
      to.globalAlpha = 0.14;
      to.fillStyle = look.accent;
      to.fill();
      to.globalAlpha = 1;
    }
    to.stroke();
  }
  for (const place of draft.points) point(place, 5);
  if (!grip) return;
  to.lineWidth = LINE;
  trace(grip.line);
  to.stroke();
  const stretch = stretchOf(grip, camera);
  if (stretch.length > 0) {
    to.setLineDash([7, 6]);
    trace(stretch);
    to.stroke();
    to.setLineDash([]);
  }
  for (const i of handles(grip.line, camera))
    point(i === grip.handle && grip.to ? grip.to : (grip.line[i] as Place), 6);
}

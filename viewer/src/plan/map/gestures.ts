// Moves a map's camera by mouse, touch and keyboard. mayPan() is asked when one pointer goes down: false leaves it to a tool;
// two fingers always move the map.
import type { Camera, Point } from './camera';

const CLICK_PX = 4; // a pointer that went no farther has clicked
const PAN_KEYS: Record<string, [number, number]> = {
  ArrowLeft: [100, 0],
  ArrowRight: [-100, 0],
  ArrowUp: [0, 100],
  ArrowDown: [0, -100],
};

export interface Hands {
  mayPan: (event: PointerEvent) => boolean;
  mayZoomByDoubleClick: () => boolean;
  onclick: (at: Point, event: PointerEvent) => void;
  onpinch: () => void; // a second finger came down
}

// Answers how to stop listening. Points are those of `on`'s upper left.
export function listen(on: HTMLElement, camera: Camera, hands: Hands): () => void {
  const down = new Map<number, Point>();
  let panning = false;
  let begun: Point | null = null; // of a pointer that may yet click
  const place = (event: MouseEvent): Point => {
    const edge = on.getBoundingClientRect();
    return { x: event.clientX - edge.left, y: event.clientY - edge.top };
  };
  const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

  const pointerdown = (event: PointerEvent) => {
    const at = place(event);
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    down.set(event.pointerId, at);
    on.setPointerCapture(event.pointerId);
    if (down.size === 2) {
      begun = null;
      panning = false;
      hands.onpinch();
    } else if (down.size === 1) {
      begun = at;
      panning = hands.mayPan(event);
      camera.stop();
    }
  };
  const pointermove = (event: PointerEvent) => {
    const was = down.get(event.pointerId);
    if (!was) return;
    const at = place(event);
    if (down.size === 2) {
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1] ?? at;
      const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      camera.panBy((at.x - was.x) / 2, (at.y - was.y) / 2);
      const [before, now] = [apart(was, other), apart(at, other)];
      if (before > 1 && now > 1) camera.zoomBy(Math.log2(now / before), middle);
    } else if (panning) {
      if (begun && apart(begun, at) < CLICK_PX) return;
      begun = null;
      camera.panBy(at.x - was.x, at.y - was.y);
    }
    down.set(event.pointerId, at);
  };
  const pointerup = (event: PointerEvent) => {
    const at = place(event);
    if (event.type === 'pointerup' && begun && down.size === 1 && apart(begun, at) < CLICK_PX)
      hands.onclick(at, event);
    down.delete(event.pointerId);
    panning = false;
    begun = null;
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 40 : 1;
    const by = -(event.deltaY * lines) / (event.ctrlKey ? 100 : 450);
    camera.zoomBy(Math.max(-1, Math.min(1, by)), place(event));
  };
  const dblclick = (event: MouseEvent) => {
    if (hands.mayZoomByDoubleClick()) camera.easeBy(event.shiftKey ? -1 : 1, place(event));
  };
  const keydown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pan = PAN_KEYS[event.key];
    if (pan) camera.panBy(...pan);
    else if (event.key === '+' || event.key === '=') camera.easeBy(1);
    else if (event.key === '-') camera.easeBy(-1);
    else return;
    event.preventDefault();
  };
  on.addEventListener('pointerdown', pointerdown);
  on.addEventListener('pointermove', pointermove);
  on.addEventListener('pointerup', pointerup);
  on.addEventListener('pointercancel', pointerup);
  on.addEventListener('wheel', wheel, { passive: false });
  on.addEventListener('dblclick', dblclick);
  on.addEventListener('keydown', keydown);
  return () => {
    on.removeEventListener('pointerdown', pointerdown);
    on.removeEventListener('pointermove', pointermove);
    on.removeEventListener('pointerup', pointerup);
    on.removeEventListener('pointercancel', pointerup);
    on.removeEventListener('wheel', wheel);
    on.removeEventListener('dblclick', dblclick);
    on.removeEventListener('keydown', keydown);
  };
}

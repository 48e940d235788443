// The drawn part of a planner's map: a sheet somewhat larger than the map, which moves with the camera as it is. What comes
// into sight is drawn in strips; of what changes, only the squares around it; all of it anew only when the zoom has changed.
import { scaleOf, type Aim, type Camera } from './camera';
import type { Box } from './grid';
import { drawLabels, NAMES_FROM, type Mark, type SchoolMark } from './labels';
import type { Look } from './look';
import { drawPicture, pixelsOf, type Frame, type Scene } from './picture';

const MARGIN = 96; // pixels beyond the map on each side
const SQUARE = 64; // pixels: what changes is drawn by squares
const REST_MS = 90; // without a change of zoom before all is drawn anew
const NEAR_ENOUGH = [0.75, 1.9] as const; // scales that a drawn sheet is shown at meanwhile

type Canvas = CanvasRenderingContext2D;

export class Sheet {
  scene: Scene | null = null;
  look: Look;
  onrest: () => void = () => undefined; // everything is drawn as it should be

  readonly #camera: Camera;
  readonly #ground: HTMLElement;
  readonly #picture: Canvas;
  readonly #labels: Canvas;
  #frame: Frame = { aim: { x: 0, y: 0, zoom: 0 }, width: 1, height: 1 };
  #ratio = 1;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #all = true;
  #names = true;
  #schools: readonly SchoolMark[] = [];
  #marks: readonly Mark[] = [];
  #squares = new Set<number>();

  // ground: holds the two canvases, which are as large as it is told to be.
  constructor(
    camera: Camera,
    ground: HTMLElement,
    picture: HTMLCanvasElement,
    labels: HTMLCanvasElement,
    look: Look,
  ) {
    const [a, b] = [picture.getContext('2d', { alpha: false }), labels.getContext('2d')];
    if (!a || !b) throw new Error('no canvas');
    [this.#picture, this.#labels] = [a, b];
    this.#camera = camera;
    this.#ground = ground;
    this.look = look;
    camera.on(() => this.#follow());
  }
  get isResting() {
    return this.#asked === 0 && this.#rest === undefined && !this.#camera.isEasing;
  }
  close() {
    cancelAnimationFrame(this.#asked);
    clearTimeout(this.#rest);
  }

  redraw() {
    this.#all = this.#names = true;
    this.#ask();
  }
  // Drawn again only where it shows: loads stand with names, which are not drawn from afar.
  name(schools: readonly SchoolMark[], marks: readonly Mark[]) {
    const isNamed = this.#frame.aim.zoom >= NAMES_FROM;
    const same =
      marks.length === this.#marks.length &&
      marks.every(({ at, what, text }, i) => {
        const old = this.#marks[i];
        return what === old?.what && text === old.text && at[0] === old.at[0] && at[1] === old.at[1];
      }) &&
      schools.length === this.#schools.length &&
      schools.every((school, i) => {
        const old = this.#schools[i];
        if (school.id !== old?.id || school.over !== old.over) return false;
        return !isNamed || (school.load === old.load && school.name === old.name);
      });
    [this.#schools, this.#marks] = [schools, marks];
    if (same) return;
    this.#names = true;
    this.#ask();
  }
  // Of units that look another way, in world coordinates.
  redrawBoxes(boxes: readonly Box[]) {
    if (this.#all) return;
    const across = Math.ceil(this.#frame.width / SQUARE);
    const down = Math.ceil(this.#frame.height / SQUARE);
    for (const box of boxes) {
      const [x0, y0, x1, y1] = pixelsOf(box, this.#frame).map((v) =>
        Math.floor(v / SQUARE),
      ) as unknown as Box;
      for (let y = Math.max(0, y0); y <= Math.min(down - 1, y1); y += 1)
        for (let x = Math.max(0, x0); x <= Math.min(across - 1, x1); x += 1)
          this.#squares.add(y * across + x);
    }
    if (this.#squares.size > (across * down) / 2) this.#all = true;
    if (this.#squares.size > 0) this.#ask();
  }

  #ask() {
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.#draw();
    });
  }
  // Draws what was asked for, where the zoom is not changing.
  #draw() {
    const k = this.#camera.scale / scaleOf(this.#frame.aim.zoom);
    if (this.#rest !== undefined && k > NEAR_ENOUGH[0] && k < NEAR_ENOUGH[1]) return;
    if (this.#all) this.#anew();
    else if (this.#squares.size > 0) this.#patch();
    if (this.#names) {
      this.#names = false;
      drawLabels(this.#labels, this.#frame, this.#schools, this.#marks, this.look);
    }
    if (this.isResting) this.onrest();
  }

  #anew() {
    const { width, height, x, y, zoom } = this.#camera;
    this.#frame = { aim: { x, y, zoom }, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
    this.#ratio = devicePixelRatio;
    for (const { canvas } of [this.#picture, this.#labels]) {
      const [w, h] = [
        Math.round(this.#frame.width * this.#ratio),
        Math.round(this.#frame.height * this.#ratio),
      ];
      if (canvas.width !== w) canvas.width = w;
      if (canvas.height !== h) canvas.height = h;
    }
    for (const to of [this.#picture, this.#labels]) to.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#paint(null);
    this.#all = false;
    this.#squares.clear();
    this.#names = true;
    this.#place();
  }
  #paint(only: readonly Box[] | null) {
    if (this.scene) drawPicture(this.#picture, this.#frame, this.scene, this.look, only);
    else {
      this.#picture.fillStyle = this.look.ground;
      this.#picture.fillRect(0, 0, this.#frame.width, this.#frame.height);
    }
  }
  #patch() {
    const across = Math.ceil(this.#frame.width / SQUARE);
    const boxes: Box[] = []; // squares side by side as one
    for (const at of [...this.#squares].sort((a, b) => a - b)) {
      const [x, y] = [(at % across) * SQUARE, Math.floor(at / across) * SQUARE];
      const last = boxes.at(-1);
      if (last?.[1] === y && last[2] === x) boxes[boxes.length - 1] = [last[0], y, x + SQUARE, y + SQUARE];
      else boxes.push([x, y, x + SQUARE, y + SQUARE]);
    }
    this.#squares.clear();
    this.#paint(boxes);
  }

  #follow() {
    const { aim, width, height } = this.#frame;
    if (width <= 1) return this.redraw();
    const sameSize = width === this.#camera.width + 2 * MARGIN && height === this.#camera.height + 2 * MARGIN;
    if (aim.zoom !== this.#camera.zoom || !sameSize || this.#ratio !== devicePixelRatio) {
      this.#all = true;
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => {
        this.#rest = undefined;
        this.#ask();
      }, REST_MS);
      this.#ask();
    } else this.#shift();
    this.#place();
  }
  // Where the camera nears the sheet's edge, the sheet is moved along and drawn where nothing was.
  #shift() {
    const { aim, width, height } = this.#frame;
    const scale = scaleOf(aim.zoom);
    const [dx, dy] = [(aim.x - this.#camera.x) * scale, (aim.y - this.#camera.y) * scale];
    if (Math.max(Math.abs(dx), Math.abs(dy)) < MARGIN * 0.7) return;
    if (Math.abs(dx) > width / 2 || Math.abs(dy) > height / 2 || this.#all) {
      this.#all = true;
      this.#ask();
      return;
    }
    if (this.#squares.size > 0) this.#patch();
    const [mx, my] = [Math.round(dx), Math.round(dy)]; // whole pixels stay sharp
    const moved: Aim = { x: aim.x - mx / scale, y: aim.y - my / scale, zoom: aim.zoom };
    this.#frame = { aim: moved, width, height };
    for (const to of [this.#picture, this.#labels]) {
      to.save();
      to.globalCompositeOperation = 'copy';
      to.drawImage(to.canvas, mx, my, width, height);
      to.restore();
    }
    const strips: Box[] = [];
    if (mx !== 0) strips.push(mx > 0 ? [0, 0, mx, height] : [width + mx, 0, width, height]);
    if (my !== 0) strips.push(my > 0 ? [0, 0, width, my] : [0, height + my, width, height]);
    this.#paint(strips);
    this.#names = true;
    this.#ask();
  }
  #place() {
    const { aim, width, height } = this.#frame;
    const k = this.#camera.scale / scaleOf(aim.zoom);
    const dx = (aim.x - this.#camera.x) * this.#camera.scale + this.#camera.width / 2 - (k * width) / 2;
    const dy = (aim.y - this.#camera.y) * this.#camera.scale + this.#camera.height / 2 - (k * height) / 2;
    const { style } = this.#ground;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.transform = `translate(${dx}px, ${dy}px) scale(${k})`;
  }
}

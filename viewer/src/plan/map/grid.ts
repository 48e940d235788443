// Boxes by place: which of many lie near a box. A box is [west, north, east, south] in world coordinates.
export type Box = readonly [number, number, number, number];

export const meets = (a: Box, b: Box) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

export class Grid {
  readonly #boxes: readonly (Box | null)[];
  readonly #cells: number[][];
  readonly #side: number;
  readonly #all: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  readonly #seen: Uint32Array;
  #round = 0;

  constructor(boxes: readonly (Box | null)[]) {
    this.#boxes = boxes;
    this.#side = Math.max(1, Math.ceil(Math.sqrt(boxes.length)));
    this.#cells = Array.from({ length: this.#side * this.#side }, () => []);
    this.#seen = new Uint32Array(boxes.length);
    for (const box of boxes) {
      if (!box) continue;
      for (const k of [0, 1]) this.#all[k] = Math.min(this.#all[k] as number, box[k] as number);
      for (const k of [2, 3]) this.#all[k] = Math.max(this.#all[k] as number, box[k] as number);
    }
    boxes.forEach((box, i) => {
      if (box) for (const cell of this.#over(box)) cell.push(i);
    });
  }

  *#over(box: Box): Generator<number[]> {
    const [west, north, east, south] = this.#all;
    const at = (value: number, from: number, to: number) =>
      Math.min(this.#side - 1, Math.max(0, Math.floor(((value - from) / (to - from || 1)) * this.#side)));
    const [left, right] = [at(box[0], west, east), at(box[2], west, east)];
    const [top, bottom] = [at(box[1], north, south), at(box[3], north, south)];
    for (let y = top; y <= bottom; y += 1)
      for (let x = left; x <= right; x += 1) yield this.#cells[y * this.#side + x] as number[];
  }

  // Numbers of the boxes that meet any of these, each once, rising.
  near(...boxes: Box[]): number[] {
    const found: number[] = [];
    this.#round += 1;
    for (const box of boxes) {
      if (!meets(box, this.#all)) continue;
      for (const cell of this.#over(box)) {
        for (const i of cell) {
          if (this.#seen[i] === this.#round || !meets(box, this.#boxes[i] as Box)) continue;
          this.#seen[i] = this.#round;
          found.push(i);
        }
      }
    }
    return found.sort((a, b) => a - b);
  }
}

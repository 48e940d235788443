// How every unit looks on the map, and which of them changed since the map was last told.
export class Looks {
  version = $state(0); // rises when a look has changed
  readonly #of = new Map<string, number>();
  #changed = new Set<string>();

  // owner * 8 + flags (map/picture.ts); -1: not on the map.
  readonly of = (unit: string): number => this.#of.get(unit) ?? -1;

  units() {
    return this.#of.keys();
  }
  refresh(units: Iterable<string>, lookOf: (unit: string) => number) {
    const before = this.#changed.size;
    for (const unit of units) {
      const look = lookOf(unit);
      if (look === this.of(unit)) continue;
      this.#of.set(unit, look);
      this.#changed.add(unit);
    }
    if (this.#changed.size > before) this.version += 1;
  }
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }
}

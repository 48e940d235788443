// What a page has read, and what an act of it came to; a session that ended shows the sign-in instead.
import { staffEndedBy } from '../staff/session.svelte';

export class Loaded<T> {
  value: T | null = $state.raw(null);
  failure: unknown = $state.raw(null);
  busy = $state(false);
  #asked = 0;
  #read: () => Promise<T>;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }
  // Of several that overlap, the last one asked counts. What was read stays in sight meanwhile.
  open = async () => {
    const asked = ++this.#asked;
    this.busy = true;
    try {
      const value = await this.#read();
      if (asked !== this.#asked) return;
      this.value = value;
      this.failure = null;
    } catch (error) {
      if (!staffEndedBy(error) && asked === this.#asked) this.failure = error;
    }
    if (asked === this.#asked) this.busy = false;
  };
}

export class Acting {
  busy = $state(false);
  failure: unknown = $state.raw(null);

  // True: done.
  run = async (act: () => Promise<unknown>): Promise<boolean> => {
    if (this.busy) return false;
    this.busy = true;
    this.failure = null;
    try {
      await act();
      return true;
    } catch (error) {
      if (!staffEndedBy(error)) this.failure = error;
      return false;
    } finally {
      this.busy = false;
    }
  };
}

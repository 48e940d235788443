// What the workbench looks at beside the plan itself: the target of painting, the plan beside the zones in force.
import { staffEndedBy } from '../staff/session.svelte';
import { compare, type Comparison } from './client';
import type { Drawing } from './drawing';
import type { Editor } from './editor.svelte';
import type { Place } from './scenario';

export class View {
  target = $state('');
  comparison: Comparison | null = $state.raw(null);
  comparing: unknown = $state.raw(null); // what went wrong

  readonly #editor: Editor;
  #asked: AbortController | undefined;

  constructor(editor: Editor) {
    this.#editor = editor;
    // Of every version that is stored, beside the zones in force.
    $effect(() => {
      void editor.stored;
      void this.#compare();
      return () => this.#asked?.abort();
    });
  }

  async #compare() {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    this.comparing = null;
    try {
      this.comparison = await compare(this.#editor.number, null, signal);
    } catch (error) {
      if (!signal.aborted && !staffEndedBy(error)) this.comparing = error;
    }
  }

  // Whose the units are in force: of those the plan stored moves another's, of all others as stored.
  readonly inForce: ReadonlyMap<string, string> = $derived.by(() => {
    const { stage, year, shapes } = this.#editor;
    const inForce = new Map(shapes.map(({ properties }) => [properties.unit, properties.schools.join('+')]));
    for (const move of this.comparison?.moves.units ?? []) {
      if (move.stage === stage && move.from_year <= year && year <= move.to_year)
        inForce.set(move.unit, move.from.join('+'));
    }
    return inForce;
  });
  isMoved(unit: string, schools: readonly string[]): boolean {
    // A part of a unit that was cut in two goes by the whole.
    const was = this.inForce.get(unit) ?? this.inForce.get(unit.replace(/(#[12])+$/, ''));
    return was !== undefined && this.comparison !== null && was !== schools.join('+');
  }

  // Changes when units come or go.
  readonly shapesKey = $derived.by(() => {
    const { live } = this.#editor;
    const made = (live?.units ?? []).filter((unit) => unit.geometry).map((unit) => unit.unit);
    return [...(live?.gone ?? []), '|', ...made].join(' ');
  });

  // Another list only where schools are opened or no longer.
  readonly opened: { id: string; at: Place }[] = $derived.by(() => JSON.parse(this.#openedText) as never);
  readonly #openedText = $derived.by(() =>
    JSON.stringify(
      this.#editor.changes.flatMap((change) => {
        if (change.change !== 'open_school') return [];
        const at = change.gates[0];
        return at ? [{ id: change.school, at }] : [];
      }),
    ),
  );

  drawn(drawing: Drawing, split: boolean) {
    const editor = this.#editor;
    if (drawing.kind === 'polygon') {
      if (this.target === '') return;
      editor.do({
        change: 'draw_polygon',
        stage: editor.stage,
        from_year: editor.year,
        school: this.target,
        polygon: drawing.places,
        ...(split ? { split } : {}),
      });
      return;
    }
    const [unit] = editor.selected;
    if (unit === undefined) return;
    editor.selected = new Set();
    editor.do({ change: 'split_unit', unit, line: drawing.places });
  }
}

// A plan that is being worked on: what is stored of it, what was changed since, and what the service says of both. One
// request tries the changes at a time; whatever is changed meanwhile goes with the next.
import { ApiError, type Stage } from '../api';
import { staffEndedBy } from '../staff/session.svelte';
import {
  getPlan,
  getUnits,
  savePlan,
  tryChanges,
  type Kept,
  type Live,
  type LiveIndicator,
  type MultiPolygon,
  type PlanSchool,
  type SchoolLoad,
  type Unit,
  type UnitFeature,
} from './client';
import { compact, History, tailOf, type Change } from './scenario';

interface Document {
  name: string;
  changes: readonly Change[];
}

// What a unit is now, in the stage and year shown.
export interface UnitNow extends Unit {
  geometry: MultiPolygon | null;
}

const isBusy = (error: unknown) => error instanceof ApiError && error.refused.status === 503;
const BUSY_MS = 2000; // until a service that is busy, or makes the city ready, is asked again
const BETWEEN_MS = 90; // answers, while a brush is down: the map has the machine meanwhile

export class Editor {
  readonly number: number;
  readonly schools: Map<string, PlanSchool>;
  readonly editable: boolean; // this person may change drafts of this plan

  stored: Kept = $state.raw() as Kept;
  history: History<Document> = $state.raw() as History<Document>;
  stage: Stage = $state('primary');
  year = $state(0);
  years: number[] = $state.raw([]);

  shapes: UnitFeature[] = $state.raw([]); // of the plan stored
  live: Live | null = $state.raw(null);
  inForce: LiveIndicator[] = $state.raw([]);
  stroke: { school: string; units: ReadonlySet<string> } | null = $state.raw(null); // of a brush that is down
  painted: ReadonlyMap<string, string> = $state.raw(new Map()); // units a brush has given, until the service says so
  selected: ReadonlySet<string> = $state.raw(new Set());

  opening: unknown = $state.raw(null); // what went wrong while the units were read
  refusal: { error: unknown; change: number | null } | null = $state.raw(null); // of the changes tried
  trying = $state(false);
  saving = $state(false);
  saveError: unknown = $state.raw(null);
  triedMs = $state(0); // from a change to the figures of it

  #wanted: readonly Change[] = []; // what the map shows: the changes, and what the brush that is down has painted
  #wantedAt = 0; // when it came to be
  #triedOf: readonly Change[] | null = null; // what was wanted that `live` is of
  #reading: AbortController | undefined;

  constructor(kept: Kept, schools: Map<string, PlanSchool>, editable: boolean) {
    this.number = kept.plan.number;
    this.schools = schools;
    this.editable = editable;
    this.stored = kept;
    this.history = History.of<Document>({ name: kept.plan.name, changes: kept.plan.scenario });
    this.year = kept.plan.base_year + 1;
    this.#wanted = kept.plan.scenario;
  }

  readonly changes = $derived(this.history.now.changes);
  readonly draft = $derived.by(() => this.stored.plan.state === 'draft' && this.editable);
  readonly dirty = $derived(
    this.history.now.name !== this.stored.plan.name ||
      tailOf(this.stored.plan.scenario, this.changes)?.length !== 0,
  );

  readonly #storedUnits: ReadonlyMap<string, UnitNow> = $derived(
    new Map(this.shapes.map(({ properties, geometry }) => [properties.unit, { ...properties, geometry }])),
  );
  // Units as they are now, by id.
  readonly units: ReadonlyMap<string, UnitNow> = $derived.by(() => {
    const units = new Map(this.#storedUnits);
    for (const gone of this.live?.gone ?? []) units.delete(gone);
    for (const { geometry, ...unit } of this.live?.units ?? []) {
      units.set(unit.unit, { ...unit, geometry: geometry ?? units.get(unit.unit)?.geometry ?? null });
    }
    return units;
  });
  readonly loads: ReadonlyMap<string, SchoolLoad> = $derived(
    new Map((this.live?.schools ?? []).map((load) => [load.school, load])),
  );
  nameOf(school: string): string {
    return this.schools.get(school)?.name ?? this.loads.get(school)?.name ?? school;
  }

  async open() {
    this.#reading?.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    this.opening = null;
    try {
      const shapes = await getUnits(this.number, this.stage, this.year, signal);
      this.live = null;
      this.shapes = shapes;
      this.#ask(this.changes);
    } catch (error) {
      if (!signal.aborted && !staffEndedBy(error)) this.opening = error;
    }
  }

  show(stage: Stage, year: number) {
    if (stage === this.stage && year === this.year) return;
    this.stage = stage;
    this.year = year;
    void this.open();
  }

  // A change, or several that are one step to undo.
  do(...changes: Change[]) {
    if (changes.length === 0) return;
    this.replaceAll([...this.changes, ...changes]);
  }
  give(units: Iterable<string>, school: string) {
    const moving = [...units].filter((unit) => {
      const has = this.units.get(unit);
      return has !== undefined && !has.locked && !(has.schools.length === 1 && has.schools[0] === school);
    });
    if (moving.length === 0) return;
    this.do({ change: 'reassign_units', stage: this.stage, from_year: this.year, units: moving, school });
  }
  remove(index: number) {
    this.replaceAll(this.changes.filter((_, i) => i !== index));
  }
  replaceAll(changes: readonly Change[]) {
    this.history = this.history.do({ ...this.history.now, changes });
    this.#ask(changes);
  }
  rename(name: string) {
    this.history = this.history.do({ ...this.history.now, name });
  }
  undo() {
    this.history = this.history.undo();
    this.#ask(this.changes);
  }
  redo() {
    this.history = this.history.redo();
    this.#ask(this.changes);
  }

  // Shown and reckoned while the brush is down, kept when it is lifted.
  paint(school: string, units: Iterable<string>) {
    const over = new Set(this.stroke?.school === school ? this.stroke.units : []);
    const shown = new Map(this.painted);
    const before = over.size;
    for (const unit of units) {
      const has = this.units.get(unit);
      const schools = shown.has(unit) ? [shown.get(unit)] : (has?.schools ?? []);
      if (!has || has.locked || (schools.length === 1 && schools[0] === school)) continue;
      over.add(unit);
      shown.set(unit, school);
    }
    if (over.size === before) return;
    this.stroke = { school, units: over };
    this.painted = shown;
    this.#ask(this.#withStroke());
  }
  #withStroke(): readonly Change[] {
    const { stage, year, stroke, changes } = this;
    if (!stroke) return changes;
    const { school } = stroke;
    return [
      ...changes,
      { change: 'reassign_units', stage, from_year: year, units: [...stroke.units], school },
    ];
  }
  // What the brush painted last is what the service was asked of, so that its figures are often there already.
  lift() {
    if (!this.stroke) return;
    this.stroke = null;
    this.history = this.history.do({ ...this.history.now, changes: this.#wanted });
    this.#lifted();
  }

  // One request at a time; what is wanted by the time it is answered goes with the next.
  #ask(wanted: readonly Change[]) {
    this.#wanted = wanted;
    this.#wantedAt = performance.now();
    if (!this.trying) void this.#try();
  }
  async #try() {
    this.trying = true;
    while (this.#triedOf !== this.#wanted || !this.live) {
      const [wanted, since] = [this.#wanted, this.#wantedAt];
      try {
        await this.#tryNow(wanted);
        this.triedMs = performance.now() - since;
        if (this.stroke) await this.#untilLifted(BETWEEN_MS);
      } catch (error) {
        if (staffEndedBy(error)) return;
        // Of a busy service nothing is wrong with the changes: they are tried again.
        if (isBusy(error)) await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
        else if (wanted === this.#wanted) {
          this.#refused(error);
          break;
        }
      }
    }
    this.trying = false;
    if (this.#triedOf === this.#wanted) this.#agreed();
  }
  #lifted: () => void = () => undefined;
  #untilLifted(most: number): Promise<void> {
    return new Promise((resolve) => {
      this.#lifted = resolve;
      setTimeout(resolve, most);
    });
  }
  // What is shown is what was asked for last.
  #agreed() {
    this.refusal = null;
    this.painted = new Map();
  }

  async #tryNow(wanted: readonly Change[]): Promise<void> {
    const tail = tailOf(this.stored.plan.scenario, wanted);
    // What was stored before is no longer all there: only the service can tell what it comes to, so it is stored.
    if (tail === null) {
      await this.#store();
      this.shapes = await getUnits(this.number, this.stage, this.year);
      this.#wanted = this.#withStroke();
      return this.#tryNow(this.#wanted);
    }
    const { stage, year } = this;
    const answer = await tryChanges(this.number, tail, stage, year);
    if (stage !== this.stage || year !== this.year) return;
    this.live = answer;
    this.#triedOf = wanted;
    this.years = answer.school_years;
    if (wanted === this.#wanted) this.#agreed();
  }

  #refused(error: unknown) {
    this.stroke = null;
    this.#wanted = this.changes;
    this.painted = new Map();
    const place = error instanceof ApiError ? /^\/changes\/(\d+)/.exec(error.field ?? '') : null;
    const tail = tailOf(this.stored.plan.scenario, this.changes);
    const of = place && tail ? this.stored.plan.scenario.length + Number(place[1]) : null;
    this.refusal = { error, change: of };
  }

  async #store() {
    const before = this.changes;
    const { name } = this.history.now;
    this.stored = await savePlan(this.number, this.stored.etag, name, compact(before));
    const { scenario } = this.stored.plan;
    const since = before === this.changes ? [] : tailOf(before, this.changes); // done while it was stored
    if (!since) return;
    const changes = since.length > 0 ? [...scenario, ...since] : scenario;
    this.history = this.history.rewrite({ ...this.history.now, changes });
  }

  // What was tried is then what is stored: nothing has to be read again, unless the last changes were not tried yet.
  async save() {
    this.saving = true;
    this.saveError = null;
    const { live, units, changes } = this;
    const tried = live !== null && !this.trying;
    try {
      await this.#store();
      if (tried && changes === this.#triedOf && live === this.live) {
        this.shapes = [...units.values()].map(({ geometry, ...properties }) => ({
          type: 'Feature',
          properties,
          geometry,
        }));
        this.live = { ...live, version: this.stored.plan.version, units: [], gone: [] };
        this.#triedOf = this.stored.plan.scenario;
        this.#ask(this.#withStroke());
      } else await this.open();
    } catch (error) {
      if (!staffEndedBy(error)) this.saveError = error;
    }
    this.saving = false;
  }
  // As it is stored now, by whomever; what was changed here is dropped.
  async reload() {
    this.stored = await getPlan(this.number);
    this.history = History.of<Document>({ name: this.stored.plan.name, changes: this.stored.plan.scenario });
    this.saveError = null;
    this.refusal = null;
    await this.open();
  }
}

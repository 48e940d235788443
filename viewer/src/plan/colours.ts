// Fills of zones: few colours that people of any colour vision tell apart (after Paul Tol's light scheme), dealt so that
// schools near one another differ. A colour stays with its school while zones change.
export const FILLS = [
  '#77aadd',
  '#ee8866',
  '#eedd88',
  '#ffaabb',
  '#99ddff',
  '#44bb99',
  '#bbcc33',
  '#c3b1e1',
] as const;
export const SHARED = FILLS.length; // of several schools
export const NOBODY = FILLS.length + 1;
export const SHARED_FILL = '#d5d5d5';
export const NOBODY_FILL = '#ffffff';

const NEAR = FILLS.length - 1;

export function dealColours(
  schools: readonly { id: string; lon: number; lat: number }[],
): Map<string, number> {
  const dealt = new Map<string, number>();
  const done: { lon: number; lat: number; colour: number }[] = [];
  for (const school of schools) {
    const stretch = Math.cos((school.lat * Math.PI) / 180);
    const near = done
      .map((d) => ({
        colour: d.colour,
        d: ((d.lon - school.lon) * stretch) ** 2 + (d.lat - school.lat) ** 2,
      }))
      .sort((a, b) => a.d - b.d)
      .slice(0, NEAR);
    // The colour whose nearest holder is farthest; of those nobody near holds, the one used least.
    const count = new Array<number>(FILLS.length).fill(0);
    for (const d of done) count[d.colour] = (count[d.colour] ?? 0) + 1;
    const taken = new Set(near.map((n) => n.colour));
    let best = -1;
    for (let c = 0; c < FILLS.length; c += 1) {
      if (!taken.has(c) && (best < 0 || (count[c] ?? 0) < (count[best] ?? 0))) best = c;
    }
    const colour = best < 0 ? (near.at(-1)?.colour ?? 0) : best;
    dealt.set(school.id, colour);
    done.push({ lon: school.lon, lat: school.lat, colour });
  }
  return dealt;
}

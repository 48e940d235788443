// Names of districts and schools, for heads of pages; an id stands until its name is known, or where it has none.
import { getPolicy, getSchools } from '../family/client';

export const places: Record<string, string> = $state({});
let asked = false;

export function namePlaces() {
  if (asked) return;
  asked = true;
  Promise.all([getPolicy(), getSchools()]).then(
    ([policy, schools]) => {
      for (const { id, name } of [...policy.districts, ...schools]) places[id] = name;
    },
    () => (asked = false),
  );
}

// Finds an address without a service: the file its hash begins with is loaded as a script, and matched here.
import type { At, City } from './data';
import { hashOf, keyOf, shardOf, variantsOf } from './fold';

type Row = [
  first: number,
  second: number,
  text: string,
  lon: number | null,
  lat: number | null,
  answers: number[],
];
export interface FoundAddress {
  text: string;
  at: At | null;
  answers: number[]; // of each layer, into City.answers
}

declare global {
  var addresses: (shard: string, rows: Row[]) => void;
}

const loaded = new Map<string, Row[]>();
globalThis.addresses = (shard, rows) => void loaded.set(shard, rows);

const loading = new Map<string, Promise<Row[]>>();
function load(shard: string): Promise<Row[]> {
  let asked = loading.get(shard);
  if (!asked) {
    asked = new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = `site/look-up/${shard}.js`;
      script.onload = () => {
        const rows = loaded.get(shard);
        if (rows) resolve(rows);
        else reject(new Error(`${script.src} holds no addresses`));
      };
      script.onerror = () => {
        loading.delete(shard); // it may come the next time
        reject(new Error(`${script.src} did not load`));
      };
      document.head.append(script);
    });
    loading.set(shard, asked);
  }
  return asked;
}

// Every address of the city that the text is a form of; empty if there is none. Rejects when a file did not load.
export async function findAddress(text: string, city: City): Promise<FoundAddress[]> {
  const { bits, folds } = city.look_up;
  for (const key of variantsOf(keyOf(text, folds), keyOf(city.city.replace(/\s*\(.*\)/, ''), folds))) {
    const [first, second] = hashOf(key);
    const rows = (await load(shardOf(first, bits))).filter((row) => row[0] === first && row[1] === second);
    if (rows.length > 0) {
      return rows.map(([, , found, lon, lat, answers]) => ({
        text: found,
        at: lon === null || lat === null ? null : [lon, lat],
        answers,
      }));
    }
  }
  return [];
}

// Streets and estates whose name has what was typed in it, those that begin with it first.
export function namesLike(typed: string, city: City, limit: number): string[] {
  const key = keyOf(typed, city.look_up.folds);
  if (key === '') return [];
  const with_ = city.names.filter((name) => name.includes(key));
  const rank = (name: string) => (name.startsWith(key) ? 0 : 1);
  return with_.sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1)).slice(0, limit);
}

// A copy of the site on this device, by the worker beside index.html (sw.js). Opened from disk it needs none; over plain http
// browsers allow none, but on the device itself.
import type { City } from './data';

const filesOf = ({ look_up: { bits } }: City): string[] => {
  const digits = Math.max(1, Math.ceil(bits / 4));
  const parts = Array.from({ length: 2 ** bits }, (_, i) => i.toString(16).padStart(digits, '0'));
  const site = ['index.html', 'icon.svg', 'site/site.js', 'site/site.css', 'site/city.js'];
  return [...site, ...parts.map((part) => `site/look-up/${part}.js`)];
};

export const canKeep = () =>
  location.protocol.startsWith('http') && 'serviceWorker' in navigator && 'caches' in globalThis;

const scope = () => new URL('./', location.href).href;
export const isKept = () => caches.has(`catchment ${scope()}`);

async function tell(message: { keep: string[] } | { drop: true }): Promise<boolean> {
  await navigator.serviceWorker.register('sw.js');
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const said = new Promise<boolean>((resolve) => {
    channel.port1.onmessage = (event: MessageEvent<boolean>) => resolve(event.data);
  });
  active?.postMessage(message, [channel.port2]);
  return said;
}

// False where it could not be done.
export const keepSite = (city: City) => {
  // Where the page was opened as a folder, it is kept by that name, too.
  const here = location.pathname.endsWith('/') ? [''] : [];
  return tell({ keep: [...here, ...filesOf(city)] });
};

export async function dropSite(): Promise<boolean> {
  const done = await tell({ drop: true });
  const registration = await navigator.serviceWorker.getRegistration();
  await registration?.unregister();
  return done;
}

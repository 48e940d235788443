// Keeps a copy of this folder's site on the device of whoever asks for it, and answers from it while there is no network.
// Scope: this folder. Nothing is kept unasked, and with a network everything is as published now.
const KEPT = `catchment ${self.registration.scope}`;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A message {keep: [paths]} or {drop: true} through a port, which hears true, or false where it could not be done.
self.addEventListener('message', (event) => {
  const { keep } = event.data;
  const done = caches.delete(KEPT).then(async () => {
    if (!keep) return true;
    const copy = await caches.open(KEPT);
    await copy.addAll(
      keep.map((path) => new Request(new URL(path, self.registration.scope), { cache: 'no-cache' })),
    );
    return true;
  });
  event.waitUntil(
    done
      .catch(async () => {
        await caches.delete(KEPT); // half a copy would answer wrongly
        return false;
      })
      .then((said) => event.ports[0].postMessage(said)),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(
    fetch(request).catch(async (error) => {
      const copy = await caches.open(KEPT);
      const found = await copy.match(request, { ignoreSearch: true });
      if (found) return found;
      throw error;
    }),
  );
});

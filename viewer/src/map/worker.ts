// MapLibre 6 looks for its worker beside its own source, which Vite does not emit: name the file that Vite does.
import { setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';

setWorkerUrl(new URL(workerUrl, location.href).href);

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { verifyHash, verifyPage } from './verify/pack.mjs';

export default defineConfig({
  plugins: [svelte(), verifyPage],
  define: { __VERIFY_HASH__: JSON.stringify(verifyHash) },
  // MapLibre's worker is an ES module, emitted as a file of its own (see src/map/worker.ts).
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['maplibre-gl'] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the page's policy allows no inlined scripts or fonts
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
  test: { include: ['src/**/*.test.ts'] },
});

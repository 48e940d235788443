// The site of a published bundle (catchment publish): one classic script and one style sheet, because a page opened from disk
// may load neither modules nor anything by fetch.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  publicDir: 'site',
  build: {
    target: 'es2022',
    outDir: 'dist-site',
    lib: {
      entry: 'src/site/main.ts',
      formats: ['iife'],
      name: 'catchmentSite',
      fileName: () => 'site/site.js',
      cssFileName: 'site/site',
    },
  },
});

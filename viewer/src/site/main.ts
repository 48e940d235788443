// site.js is loaded first and waits; city.js then calls catchment() with all there is.
import { mount } from 'svelte';
import '../page.css';
import './site.css';
import type { City } from './data';
import Site from './Site.svelte';

declare global {
  var catchment: (city: City) => void;
}

globalThis.catchment = (city) => {
  const target = document.getElementById('app');
  if (!target) return;
  target.textContent = '';
  mount(Site, { target, props: { city } });
};

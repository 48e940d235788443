import { mount } from 'svelte';
import './page.css';
import Root from './Root.svelte';

const target = document.getElementById('app');
if (target) mount(Root, { target });

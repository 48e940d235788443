// How quick the workbench is, by a real browser on the real service: node workbench.measure.mjs [SCHOOLS...]
//   125 schools make a city of about 2,000 units, 1250 one of 20,000. Prints, for each: how long a plan takes to open,
//   frames a second and the longest frame while a brush paints and while the map is dragged, the time from lifting the brush
//   to the frame with its figures, and beside them what the browser reaches with nothing to draw. It draws by software here.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signInOfficer } from './page.mjs';
import { codesOf, startBrowser } from './service.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.CATCHMENT_BUILD ?? join(root, 'build/release');
const sizes = process.argv.slice(2).map(Number);

function run(program, ...args) {
  const done = spawnSync(join(build, program), args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${args[0]}: ${done.stderr}`);
  return done.stdout;
}

async function startCity(schools) {
  const folder = mkdtempSync(join(tmpdir(), 'catchment-measure-'));
  const at = (name) => join(folder, name);
  run('server/catchment', 'synth', at('city.gpkg'), '--seed', '3', '--schools', String(schools), '--years', '3');
  writeFileSync(at('password'), 'a password to measure with\n');
  const store = ['--store', `sqlite:${at('season.db')}`, '--keys', at('keys')];
  const made = run('server/catchmentd', 'account', '--second-factor', ...store, '--name', 'city-1', '--role', 'city', '--password-file', at('password'));
  const viewer = process.env.CATCHMENT_VIEWER ?? join(root, 'viewer/dist');
  const policy = join(root, 'datasets/policy/packs/guiyang-2024.json');
  const args = ['--package', at('city.gpkg'), '--port', '0', '--viewer', viewer, ...store, '--policy', policy];
  const server = spawn(join(build, 'server/catchmentd'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const origin = await new Promise((resolve, reject) => {
    let out = '';
    server.stdout.on('data', (bytes) => {
      out += bytes;
      const line = /Listening on (http:\/\/[^/]+)\//.exec(out);
      if (line) resolve(line[1]);
    });
    server.once('exit', (code) => reject(new Error(`catchmentd left with ${code}`)));
  });
  const stop = () => {
    server.removeAllListeners('exit');
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  const factors = { 'city-1': made.trim().split(/\s+/)[1] };
  return { origin, stop, officerCode: codesOf(factors), password: 'a password to measure with' };
}

// Frames while something is done: how many a second, and the longest between two of them.
async function frames(page, act) {
  await page.evaluate(() => {
    window.frameTimes = [];
    const tick = (now) => {
      window.frameTimes.push(now);
      window.frameAsked = requestAnimationFrame(tick);
    };
    window.frameAsked = requestAnimationFrame(tick);
  });
  await act();
  return page.evaluate(() => {
    cancelAnimationFrame(window.frameAsked);
    const gaps = window.frameTimes.slice(1).map((t, i) => t - window.frameTimes[i]);
    gaps.sort((a, b) => a - b);
    const whole = gaps.reduce((sum, gap) => sum + gap, 0);
    return { perSecond: (1000 * gaps.length) / whole, longest: gaps.at(-1), median: gaps[gaps.length >> 1] };
  });
}

// Along a line of fractions of the box, in `ms`, sixty moves a second.
async function drag(page, box, from, to, ms) {
  const at = (t) => [0, 1].map((k) => (k ? box.y : box.x) + (k ? box.height : box.width) * (from[k] + (to[k] - from[k]) * t));
  await page.mouse.move(...at(0));
  await page.mouse.down();
  const begun = performance.now();
  for (let moves = 1, t = 0; t < 1; moves += 1) {
    t = Math.min(1, (performance.now() - begun) / ms);
    await page.mouse.move(...at(t));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + (moves * 1000) / 60 - performance.now())));
  }
  await page.mouse.up();
}

// From the brush being lifted to the frame that shows the figures of all it painted.
async function stroke(page, box, from, to, ms) {
  await page.evaluate(() => {
    const status = document.querySelector('[data-trying]');
    window.refreshed = new Promise((resolve) => {
      window.addEventListener(
        'pointerup',
        () => {
          const lifted = performance.now();
          const look = (now) => {
            if (status.dataset.trying === 'false') resolve(Math.max(0, now - lifted));
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        },
        { once: true, capture: true },
      );
    });
  });
  await drag(page, box, from, to, ms);
  return page.evaluate(() => window.refreshed);
}

// The floor: what an empty page reaches, and MapLibre with nothing to draw that is moved each frame.
const MAPLIBRE = fileURLToPath(new URL('../../viewer/node_modules/maplibre-gl/dist', import.meta.url));
async function floor(browser, origin) {
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  await page.route(`${origin}/floor/**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice('/floor/'.length);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id="m" style="width:920px;height:676px"></div>' });
    return route.fulfill({ path: join(MAPLIBRE, name), contentType: 'text/javascript' });
  });
  await page.goto(`${origin}/floor/`);
  const nothing = await frames(page, () => page.waitForTimeout(1500));
  await page.evaluate(async () => {
    const { Map } = await import('/floor/maplibre-gl.mjs');
    const layers = [{ id: 'ground', type: 'background', paint: { 'background-color': '#f3f1ea' } }];
    window.map = new Map({ container: 'm', style: { version: 8, sources: {}, layers }, center: [110, 33], zoom: 11 });
    await window.map.once('load');
  });
  const empty = await frames(page, () =>
    page.evaluate(async () => {
      for (let i = 0; i < 90; i += 1) {
        window.map.panBy([2, 1], { animate: false });
        await new Promise(requestAnimationFrame);
      }
    }),
  );
  await page.close();
  return { nothing, empty };
}

const text = ({ perSecond, longest, median }) =>
  `${perSecond.toFixed(0)} frames/s (median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms)`;

for (const schools of sizes.length > 0 ? sizes : [125]) {
  const service = await startCity(schools);
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    page.setDefaultTimeout(300_000);
    await page.goto(`${service.origin}/#/plan`);
    await page.waitForSelector('#staff-name');
    await signInOfficer(page, service, 'city-1');
    await page.fill('#plan-name', 'measured');
    await page.press('#plan-name', 'Enter');
    await page.waitForSelector('.bench-main'); // the city is made ready by now
    await page.goto('about:blank');
    const begun = performance.now();
    await page.goto(`${service.origin}/#/plan/1`);
    await page.waitForSelector('[data-idle=true]');
    await page.waitForSelector('[data-school]');
    const opened = performance.now() - begun;
    await page.waitForSelector('[data-borders]');
    const target = await page.$$eval('#target option', (options) => options[Math.floor(options.length / 2)].value);
    await page.selectOption('#target', target);
    const box = await page.locator('.map').boundingBox();
    const pan = await frames(page, () => drag(page, box, [0.5, 0.5], [0.35, 0.4], 1500));
    await page.click('[data-tool=brush]');
    const refreshed = [];
    const painting = await frames(page, async () => {
      for (const y of [0.4, 0.45, 0.5, 0.55, 0.6]) refreshed.push(await stroke(page, box, [0.3, y], [0.6, y], 700));
    });
    refreshed.sort((a, b) => a - b);
    const units = await page.evaluate(async () => (await (await fetch('/v1/plans/1/units')).json()).units.length);
    const least = await floor(browser, service.origin);
    console.log(
      [
        `${schools} schools, ${units} units: opened in ${(opened / 1000).toFixed(1)} s`,
        `painting ${text(painting)}`,
        `dragging the map ${text(pan)}`,
        `figures after a stroke: median ${refreshed[refreshed.length >> 1].toFixed(0)} ms, most ${refreshed.at(-1).toFixed(0)} ms`,
        `beside them, a page that draws nothing ${text(least.nothing)}`,
        `an empty MapLibre map that is moved ${text(least.empty)}`,
      ].join('\n  '),
    );
  } finally {
    await browser.close();
    service.stop();
  }
}

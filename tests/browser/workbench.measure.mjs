// How quick the workbench is, by a real browser on the real service: node workbench.measure.mjs [SCHOOLS...]
//   125 schools make a city of about 2,000 units, 1250 one of 20,000. Prints, for each: how long a plan takes to open,
//   frames a second and the longest frame while a brush paints and while the map is dragged, and the time from a stroke
//   to its figures. The browser draws by software here, so a desk with a graphics card does better.
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

async function drag(page, box, from, to, steps) {
  await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
  await page.mouse.down();
  for (let i = 1; i <= steps; i += 1) {
    const at = (k) => from[k] + ((to[k] - from[k]) * i) / steps;
    await page.mouse.move(box.x + box.width * at(0), box.y + box.height * at(1));
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
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
    await page.waitForTimeout(3000); // the borders are found meanwhile
    const target = await page.$$eval('#target option', (options) => options[Math.floor(options.length / 2)].value);
    await page.selectOption('#target', target);
    const box = await page.locator('.map').boundingBox();
    const pan = await frames(page, () => drag(page, box, [0.5, 0.5], [0.4, 0.45], 90));
    await page.click('[data-tool=brush]');
    const refreshed = [];
    const painting = await frames(page, async () => {
      for (const y of [0.4, 0.45, 0.5, 0.55, 0.6]) {
        await drag(page, box, [0.3, y], [0.6, y], 40);
        await page.waitForTimeout(40);
        refreshed.push(Number(await page.getAttribute('[data-ms]', 'data-ms')));
      }
    });
    await page.waitForSelector('[data-trying=false]');
    refreshed.push(Number(await page.getAttribute('[data-ms]', 'data-ms')));
    refreshed.sort((a, b) => a - b);
    const units = await page.evaluate(async () => (await (await fetch('/v1/plans/1/units')).json()).units.length);
    console.log(
      `${schools} schools, ${units} units: opened in ${(opened / 1000).toFixed(1)} s; painting ${text(painting)}; ` +
        `dragging ${text(pan)}; figures after a stroke: median ${refreshed[refreshed.length >> 1]} ms, most ${refreshed.at(-1)} ms`,
    );
  } finally {
    await browser.close();
    service.stop();
  }
}

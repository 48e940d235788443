// A published bundle in a real browser, from disk and from a plain file server: what the site says is what `catchment match`
// says, and nothing leaves the folder.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { assertAccessible, openPage } from './page.mjs';
import { builtViewer, startBrowser, startService } from './service.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const catchment = join(process.env.CATCHMENT_BUILD ?? join(root, 'build/release'), 'server/catchment');
const folder = mkdtempSync(join(tmpdir(), 'catchment-bundle-'));
const at = (name) => join(folder, name);

function run(...args) {
  const done = spawnSync(catchment, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`catchment ${args.join(' ')}: ${done.status}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

let browser, server, origin;
before(async () => {
  run('synth', at('made-up.gpkg'), '--seed', '1', '--schools', '8', '--children', '5000');
  run('import', at('city.gpkg'), at('made-up.gpkg'), '--mapping', join(root, 'datasets/mappings/city_package.json'), '--crs', 'file');
  run('zones', 'print', at('city.gpkg'), '--layer', 'primary/2026', '--out', at('notice.csv'));
  run('import', at('city.gpkg'), '--notice', at('notice.csv'), '--layer', 'primary/2026', '--yes');
  const site = process.env.CATCHMENT_SITE ?? join(root, 'viewer/dist-site');
  run('publish', at('city.gpkg'), '--out', at('bundle'), '--unsigned', '--date', '2026-06-01', '--site', site, '--max-zoom', '10');
  server = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', at('bundle')], { stdio: ['ignore', 'pipe', 'ignore'] });
  origin = await new Promise((resolve, reject) => {
    server.stdout.on('data', (bytes) => {
      const port = /port (\d+)/.exec(bytes)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
    server.once('exit', () => reject(new Error('the file server left')));
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const places = { disk: () => pathToFileURL(at('bundle/index.html')).href, 'a file server': () => `${origin}/index.html` };

async function openSite(url, { viewport = { width: 1280, height: 800 }, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', colorScheme });
  const page = await context.newPage();
  const requests = [];
  const errors = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(url);
  await page.waitForSelector('#address');
  return { page, requests, errors, close: () => context.close() };
}

// What the tool says of texts, by text: status and schools of the layer.
function truthOf(texts, layer) {
  writeFileSync(at('texts.csv'), `text\n${texts.map((t) => `"${t}"`).join('\n')}\n`);
  run('match', at('city.gpkg'), at('texts.csv'), '--text-field', 'text', '--layer', layer, '--out', at('truth.json'));
  const list = JSON.parse(readFileSync(at('truth.json'), 'utf8'));
  return list.map((row) => ({
    status: row.layers[0].status,
    schools: row.layers[0].schools.map((s) => s.id),
    modes: row.layers[0].schools.map((s) => s.mode),
  }));
}

const someAddresses = (every) =>
  spawnSync('sqlite3', [at('city.gpkg'), `select text from address where fid % ${every} = 1`], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n');

async function askSite(page, text) {
  await page.fill('#address', text);
  await page.keyboard.press('Enter');
  const article = page.locator(`article[data-address="${text}"]`);
  await article.waitFor();
  return {
    status: await article.getAttribute('data-status'),
    schools: await article.locator('[data-school]').evaluateAll((items) => items.map((i) => i.dataset.school)),
  };
}

test('a copy kept on the device answers without a network, and is dropped again', async () => {
  const { page, errors, close } = await openSite(places['a file server']());
  const [text] = someAddresses(97);
  const truth = await askSite(page, text);
  await page.click('[data-keep=no] button');
  await page.waitForSelector('[data-keep=kept]');
  await page.context().setOffline(true);
  await page.reload();
  await page.waitForSelector('[data-keep=kept]');
  assert.deepEqual(await askSite(page, text), truth);
  await page.click('[data-keep=kept] button');
  await page.waitForSelector('[data-keep=no]');
  assert.equal(await page.evaluate(async () => (await caches.keys()).length), 0);
  assert.deepEqual(errors, []);
  await close();
});

for (const [name, url] of Object.entries(places)) {
  test(`opened from ${name}, it says what the tool says and asks nobody else`, async () => {
    const { page, requests, errors, close } = await openSite(url());
    await assertAccessible(page);
    const texts = someAddresses(97);
    assert.ok(texts.length > 20);
    const truth = truthOf(texts, 'primary/2026');
    for (const [i, text] of texts.entries()) {
      const shown = await askSite(page, text);
      assert.deepEqual(shown, { status: truth[i].status, schools: truth[i].schools }, text);
    }
    await assertAccessible(page);
    // Files of the bundle, by names that have no address in them.
    const base = url().replace(/index\.html$/, '');
    const shards = new Set(readdirSync(at('bundle/site/look-up')));
    for (const request of requests) {
      assert.ok(request.startsWith(base) || request.startsWith('data:'), request);
      const file = decodeURIComponent(request.slice(base.length));
      assert.match(file, /^(index\.html|icon\.svg|site\/(site|city)\.(js|css)|site\/look-up\/[0-9a-f]+\.js)$/);
      if (file.startsWith('site/look-up/')) assert.ok(shards.has(file.slice('site/look-up/'.length)));
    }
    assert.deepEqual(errors, []);
    await close();
  });
}

test('every address of the city has in its files the answer of the tool, in each layer', async () => {
  const { page, close } = await openSite(places.disk());
  const texts = someAddresses(5);
  const layers = await page.evaluate(() => [...document.querySelectorAll('input[name=stage]')].map((i) => i.value));
  assert.deepEqual(layers.sort(), ['junior', 'primary']);
  await close();
  const between = (text, first, last) => JSON.parse(text.slice(text.indexOf(first), text.lastIndexOf(last) + 1));
  const data = between(readFileSync(at('bundle/site/city.js'), 'utf8'), '{', '}');
  const answers = new Map();
  for (const file of readdirSync(at('bundle/site/look-up'))) {
    const rows = between(readFileSync(join(at('bundle/site/look-up'), file), 'utf8'), '[', ']');
    for (const [, , text, , , of] of rows) answers.set(text, of);
  }
  for (const [k, layer] of data.layers.entries()) {
    const truth = truthOf(texts, layer.layer);
    for (const [i, text] of texts.entries()) {
      const answer = data.answers[answers.get(text)[k]];
      assert.deepEqual(
        { status: answer.status, schools: answer.schools.map((s) => s.id), modes: answer.schools.map((s) => s.mode) },
        truth[i],
        `${layer.layer} ${text}`,
      );
    }
  }
});

test('an address may be written as people write it; what is none is said so', async () => {
  const { page, errors, close } = await openSite(places.disk());
  const [text] = someAddresses(400).filter((t) => /\d号$/.test(t));
  const whole = await askSite(page, text);
  const short = text.replace(/^.*?区/, '');
  const wide = short.replace(/[0-9]/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0));
  for (const form of [short, short.replace('号', ''), wide, `  ${short} `.trim()]) {
    assert.deepEqual(await askSite(page, form), whole, form);
  }
  await page.fill('#address', '没有这条路99999号');
  await page.keyboard.press('Enter');
  await page.getByText('没有这个地址').waitFor();
  await assertAccessible(page);
  // A street is suggested while it is typed.
  await page.fill('#address', '');
  await page.locator('#address').pressSequentially(short.slice(0, 2));
  await page.waitForSelector('[role=option]');
  assert.ok((await page.locator('[role=option]').first().innerText()).includes(short.slice(0, 1)));
  assert.deepEqual(errors, []);
  await close();
});

for (const [size, viewport] of Object.entries({ desktop: { width: 1280, height: 800 }, phone: { width: 320, height: 640 } })) {
  test(`schools, changes and files, in both languages, ${size}`, async () => {
    const { page, errors, close } = await openSite(places.disk(), { viewport, colorScheme: size === 'phone' ? 'dark' : 'light' });
    for (const language of ['zh', 'en']) {
      if (language === 'en') await page.click('.language');
      for (const hash of ['#/', '#/schools', '#/schools/S0001', '#/changes', '#/files']) {
        await page.evaluate((to) => (location.hash = to), hash);
        await page.waitForTimeout(50);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), viewport.width, hash);
        await assertAccessible(page);
      }
    }
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    assert.deepEqual(errors, []);
    await close();
  });
}

test('a click on the map names the zone there, and the keyboard does too', async () => {
  const { page, errors, close } = await openSite(places.disk());
  const box = await page.locator('svg[role=application]').boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const card = page.locator('article[data-place-status]');
  await card.waitFor();
  await page.focus('svg[role=application]');
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await card.waitFor();
  await assertAccessible(page);
  assert.deepEqual(errors, []);
  await close();
});

test('the live page offers the copy beside it, which answers without sending the address', async () => {
  cpSync(builtViewer, at('viewer'), { recursive: true });
  cpSync(at('bundle'), at('viewer/offline'), { recursive: true });
  writeFileSync(at('viewer/offline.json'), '{"at":"/offline/index.html"}');
  const service = await startService({ viewer: at('viewer'), gpkg: at('city.gpkg') });
  const { page, strangers, errors, close } = await openPage(browser, service, { width: 1280, height: 800 });
  await assertAccessible(page);
  await page.click('[data-offline]');
  await page.waitForURL('**/offline/index.html');
  await page.waitForSelector('#address');
  const requests = [];
  page.on('request', (request) => requests.push(decodeURIComponent(request.url())));
  const [text] = someAddresses(400).filter((t) => /\d号$/.test(t));
  const [truth] = truthOf([text], 'primary/2026');
  assert.deepEqual(await askSite(page, text), { status: truth.status, schools: truth.schools });
  assert.ok(requests.length > 0);
  for (const url of requests) assert.match(url, /\/offline\/site\/look-up\/[0-9a-f]+\.js$/, 'a file of many addresses');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
  assert.equal(await service.stop(), 0);
});

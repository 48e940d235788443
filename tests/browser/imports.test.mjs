// A file from outside, at the desk in a real browser: an office looks at what it would change, the city confirms it, and
// both are told in words what happened and what did not. Everything in it is made up. SHOTS=FOLDER keeps screenshots.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertAccessible, openAs } from './page.mjs';
import { startBrowser, startService } from './service.mjs';

const folder = mkdtempSync(join(tmpdir(), 'catchment-uploads-'));
const at = (name) => join(folder, name);
const MAPPING = {
  description: '区县报送的学区（合成）',
  variables: ['stage'],
  targets: [
    {
      table: 'zone',
      columns: {
        id: 'id',
        name: 'name',
        stage: { constant: '{stage}' },
        school_year: { constant: 2031 },
        schools: { field: 'schools', split: ';' },
      },
    },
  ],
};
const OFFICERS = [['city-1', 'city'], ['district-1', 'district', '--district', 'D01']];
let service, browser;
before(async () => {
  for (const name of ['mappings', 'packages']) mkdirSync(at(name));
  writeFileSync(at('mappings/zones.json'), JSON.stringify(MAPPING));
  service = await startService({
    season: '2024-06-11T09:00',
    officers: OFFICERS,
    more: ['--mappings', at('mappings'), '--new-packages', at('packages')],
  });
  const [{ geometry, properties }] = (await (await fetch(`${service.origin}/v1/schools`)).json()).features;
  const [x, y] = geometry.coordinates;
  const square = (d) => ({ type: 'Polygon', coordinates: [[[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]]] });
  const zone = (id, schools, shape) => ({ type: 'Feature', properties: { id, name: `合成学区${id}`, schools }, geometry: shape });
  const features = [zone('U1', properties.school_id, square(0.01)), zone('U2', '', square(0.02)), zone('U3', '', null)];
  writeFileSync(at('zones.geojson'), JSON.stringify({ type: 'FeatureCollection', features }));
  writeFileSync(at('zones.csv'), 'id,name\n1,一\n');
  writeFileSync(at('zones.pdf'), 'none');
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  assert.equal(await service?.stop(), 0);
  rmSync(folder, { recursive: true, force: true });
});

async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/imports-${name}.png`, fullPage: true });
}
async function openImports(name, more = {}) {
  const opened = await openAs(browser, service, name, more.viewport ?? { width: 1280, height: 900 }, { path: '/#/desk/imports', ...more });
  await opened.page.waitForSelector('#import-file');
  return opened;
}
async function look(page, file = 'zones.geojson') {
  await page.setInputFiles('#import-file', at(file));
  await page.fill('#import-set-stage', 'primary');
  await page.click('form:has(#import-file) button[type=submit]');
}

test('the city sees what a file would change, ticks that it has checked, confirms, and is told where the new package is', async () => {
  const { page, strangers, errors, close } = await openImports('city-1');
  await assertAccessible(page);
  await shot(page, 'empty');
  assert.ok(await page.isDisabled('form:has(#import-file) button[type=submit]'));
  await page.setInputFiles('#import-file', at('zones.pdf'));
  assert.match(await page.innerText('#import-file-hint'), /不收这种文件/);
  await look(page);
  await page.waitForSelector('[data-changes]');
  assert.match(await page.innerText('[data-table=zone]'), /学区\s+3\s+1\s+2\s+0\s+0\s+0/);
  assert.match(await page.innerText('[data-findings]'), /没有图形/);
  await page.click('[data-changes] summary >> nth=0');
  assert.match(await page.innerText('[data-changes]'), /primary\/2031\/general\/U1/);
  await assertAccessible(page);
  await shot(page, 'changes');
  assert.ok(await page.isDisabled('[data-changes] button[type=submit]'));
  // Another word of how it is read, and what was looked at is no more.
  await page.fill('#import-source', 'bureau');
  assert.equal(await page.locator('[data-changes]').count(), 0);
  await page.click('form:has(#import-file) button[type=submit]');
  await page.waitForSelector('[data-changes]');
  await page.check('[data-changes] input[type=checkbox]');
  await page.click('[data-changes] button[type=submit]');
  await page.waitForSelector('[data-package]');
  const file = await page.getAttribute('[data-package]', 'data-package');
  assert.ok(existsSync(join(at('packages'), file)), file);
  const ids = spawnSync('sqlite3', [join(at('packages'), file), "select id from zone where source = 'bureau' order by id"], { encoding: 'utf8' });
  assert.equal(ids.stdout, 'U1\nU2\n');
  assert.match(await page.innerText('[data-package]'), /仍是原来的数据包/);
  await assertAccessible(page);
  await shot(page, 'done');
  assert.deepEqual([strangers, errors], [[], []]);
  await close();
});

test('what cannot be read is said in words, and nothing is kept of a mapping that changed meanwhile', async () => {
  const { page, close } = await openImports('city-1', { colorScheme: 'dark' });
  await look(page, 'zones.csv');
  await page.waitForSelector('.staff-trouble');
  assert.match(await page.innerText('.staff-trouble'), /字段对照所写的列/);
  await shot(page, 'unreadable');
  await page.fill('#import-source', 'other');
  await look(page);
  await page.waitForSelector('[data-changes]');
  writeFileSync(at('mappings/zones.json'), JSON.stringify({ ...MAPPING, description: '改过' }));
  await page.check('[data-changes] input[type=checkbox]');
  await page.click('[data-changes] button[type=submit]');
  await page.waitForSelector('.staff-trouble');
  assert.match(await page.innerText('.staff-trouble'), /没有写入/);
  await assertAccessible(page);
  await shot(page, 'changed');
  await close();
});

test('a district looks and does not confirm; in English, on a phone', async () => {
  const { page, errors, close } = await openImports('district-1', { viewport: { width: 320, height: 640 } });
  await page.click('.language');
  await look(page);
  await page.waitForSelector('[data-changes]');
  assert.match(await page.innerText('[data-changes]'), /The city confirms/);
  assert.equal(await page.locator('[data-changes] button').count(), 0);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await assertAccessible(page);
  await shot(page, 'district');
  assert.deepEqual(errors, []);
  await close();
});

// A family's path through the real page: open, click the map, read the answer. What the page says is checked against the
// service's own answer; nothing may leave the origin.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, openPage as openPageOf } from './page.mjs';
import { startBrowser, startService } from './service.mjs';

let service, browser;
before(async () => {
  service = await startService();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  assert.equal(await service?.stop(), 0, 'SIGTERM ends the service cleanly');
});

const openPage = (viewport) => openPageOf(browser, service, viewport);

async function answerOf(page) {
  const article = page.locator('article');
  await article.waitFor();
  const [lon, lat] = (await article.getAttribute('data-place')).split(',');
  return {
    lon,
    lat,
    status: await article.getAttribute('data-status'),
    zones: await page.locator('[data-zone]').evaluateAll((items) => items.map((i) => i.dataset.zone)),
    schools: await page.locator('[data-school]').evaluateAll((items) => items.map((i) => [i.dataset.school, i.textContent])),
    margins: await page.locator('[data-margin]').evaluateAll((items) => items.map((i) => Number(i.dataset.margin))),
    text: await article.innerText(),
  };
}

async function serviceAnswer({ lon, lat }, more = '') {
  const response = await fetch(`${service.origin}/v1/lookup?lon=${lon}&lat=${lat}&layer=primary/2024/general${more}`);
  assert.equal(response.status, 200);
  return (await response.json()).layers[0];
}

function assertSame(shown, truth) {
  assert.equal(shown.status, truth.status);
  assert.deepEqual(shown.zones, truth.zones.map((z) => z.id));
  assert.deepEqual(shown.schools, truth.zones.flatMap((z) => z.schools.map((s) => [s.id, s.name])));
  assert.deepEqual(shown.margins, truth.zones.map((z) => z.margin_m));
  for (const zone of truth.zones) {
    assert.ok(shown.text.includes(zone.name));
    for (const other of zone.across) assert.ok(shown.text.includes(other.name));
    if (zone.notice) assert.ok(shown.text.includes(zone.notice.title));
  }
}

test('a click on the map says what the service says', async () => {
  const { page, strangers, errors, close } = await openPage({ width: 1280, height: 800 });
  await assertAccessible(page);
  const box = await page.locator('.map').boundingBox();
  await page.mouse.click(box.x + box.width * 0.47, box.y + box.height * 0.52);
  const shown = await answerOf(page);
  assertSame(shown, await serviceAnswer(shown));
  assert.equal(shown.status, 'inside');
  await assertAccessible(page);
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('the keyboard does what the mouse does, and the point’s own error makes a boundary', async () => {
  const { page, errors, close } = await openPage({ width: 1280, height: 800 });
  // Two hundred metres inside a line somewhere: walk east until the service says so.
  let at = { lon: '110.5', lat: '33.5' };
  for (let i = 0; i < 400; i += 1) {
    const truth = await serviceAnswer(at);
    if (truth.zones.length === 1 && truth.zones[0].margin_m > 20 && truth.zones[0].margin_m < 90 && truth.zones[0].across.length === 1) break;
    at = { lon: (Number(at.lon) + 0.0004).toFixed(6), lat: at.lat };
  }
  await page.focus('#place');
  await page.keyboard.type(`${at.lon}，${at.lat}`);
  await page.keyboard.press('Enter');
  const sure = await answerOf(page);
  assertSame(sure, await serviceAnswer(at));
  assert.equal(sure.status, 'inside');
  await page.selectOption('#error', '100');
  await page.waitForSelector('article[data-status=boundary]');
  const unsure = await answerOf(page);
  assertSame(unsure, await serviceAnswer(at, '&error_m=100'));
  assert.ok(unsure.zones.length >= 2);
  await assertAccessible(page);
  await page.fill('#place', '昨天');
  await page.keyboard.press('Enter');
  assert.equal(await page.getAttribute('#place', 'aria-invalid'), 'true');
  await page.click('.language');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.ok((await page.innerText('article')).includes('On a boundary'));
  await assertAccessible(page);
  assert.deepEqual(errors, []);
  await close();
});

test('a telephone 320 pixels wide shows everything without scrolling sideways', async () => {
  const { page, errors, close } = await openPage({ width: 320, height: 640 });
  const box = await page.locator('.map').boundingBox();
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5);
  const shown = await answerOf(page);
  assertSame(shown, await serviceAnswer(shown));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await assertAccessible(page);
  assert.deepEqual(errors, []);
  await close();
});

test('a service that stops answering is said so, and a retry brings the answer', async () => {
  const { page, close } = await openPage({ width: 1280, height: 800 });
  await page.route('**/v1/lookup?*', (route) => route.abort());
  await page.fill('#place', '110.5, 33.5');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=alert]');
  await assertAccessible(page);
  await page.unroute('**/v1/lookup?*');
  await page.locator('[role=alert] button').click();
  assertSame(await answerOf(page), await serviceAnswer({ lon: 110.5, lat: 33.5 }));
  await close();
});

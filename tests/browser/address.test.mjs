// A family's path by address: type, pick a suggestion, read the school and the clause that decided. What the page says is
// checked against the service's own answer; nothing may leave the origin. SHOTS=FOLDER keeps screenshots for the eye.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, openPage } from './page.mjs';
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

const desktop = { width: 1280, height: 800 };
const LAYER = 'primary/2024/general';

async function serviceAnswer(query) {
  const response = await fetch(`${service.origin}/v1/match?${new URLSearchParams({ layer: LAYER, ...query })}`);
  assert.equal(response.status, 200);
  return (await response.json()).layers[0];
}

async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
}

async function cardOf(page, status) {
  const card = page.locator(`article[data-address]${status ? `[data-status=${status}]` : ''}`);
  await card.waitFor();
  return {
    status: await card.getAttribute('data-status'),
    address: await card.getAttribute('data-address'),
    schools: await page.locator('article [data-school]').evaluateAll((items) => items.map((i) => i.dataset.school)),
    quotes: await page.locator('article [data-school] blockquote').allInnerTexts(),
    text: await card.innerText(),
  };
}

function assertSame(shown, truth) {
  assert.equal(shown.status, truth.status);
  assert.deepEqual(shown.schools, truth.schools.map((s) => s.id));
  const evidence = truth.schools.flatMap((s) => s.evidence);
  assert.deepEqual(shown.quotes, evidence.map((e) => e.quote).filter(Boolean));
  for (const { notice } of evidence) if (notice) assert.ok(shown.text.includes(notice.title));
  for (const school of truth.schools) assert.ok(shown.text.includes(school.name));
  assert.ok(shown.text.includes(truth.phone));
}

test('the keyboard picks a suggestion, and the card quotes the clause that decided', async () => {
  const { page, strangers, errors, close } = await openPage(browser, service, desktop);
  await page.focus('#address');
  await page.keyboard.type('槐荫街2');
  await page.waitForSelector('#address-list:not([hidden]) [role=option]');
  assert.equal(await page.getAttribute('#address', 'aria-expanded'), 'true');
  assert.ok((await page.locator('#address-list mark').allInnerTexts()).join('').includes('槐荫街'));
  await page.keyboard.press('ArrowDown');
  const active = await page.getAttribute('#address', 'aria-activedescendant');
  assert.equal(await page.getAttribute(`#${active}`, 'aria-selected'), 'true');
  await assertAccessible(page);
  await shot(page, 'suggestions');
  await page.keyboard.press('Escape');
  assert.equal(await page.getAttribute('#address', 'aria-expanded'), 'false');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const picked = await page.locator('[role=option][aria-selected=true] > span').innerText();
  await page.keyboard.press('Enter');
  const shown = await cardOf(page);
  assert.equal(shown.address, picked);
  assertSame(shown, await serviceAnswer({ address: picked }));
  assert.equal(shown.status, 'definite');
  assert.deepEqual(shown.quotes, ['槐荫街（双号）']);
  await page.waitForSelector('[data-idle=true]');
  await assertAccessible(page);
  await shot(page, 'definite');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('the way to school is told and drawn, and a link asks the same again without telling the server first', async () => {
  const { page, strangers, errors, close } = await openPage(browser, service, desktop);
  await page.fill('#address', '槐荫街2号');
  await page.keyboard.press('Enter');
  const shown = await cardOf(page);
  const truth = await serviceAnswer({ address: '槐荫街2号' });
  assertSame(shown, truth);
  const { point, schools } = truth;
  const walk = await (
    await fetch(`${service.origin}/v1/walk?${new URLSearchParams({ lon: point.lon, lat: point.lat, school: schools[0].id })}`)
  ).json();
  const told = page.locator('article .walk').first();
  await told.waitFor();
  assert.equal(await told.getAttribute('data-way'), walk.way);
  assert.ok((await told.innerText()).includes(Math.round(walk.distance_m).toLocaleString('zh-CN')));
  await assertAccessible(page);

  await page.evaluate(() => {
    window.copied = '';
    navigator.clipboard.writeText = async (text) => void (window.copied = text);
  });
  await page.click('.tools button:nth-of-type(2)');
  const link = await page.evaluate(() => window.copied);
  assert.ok(link.startsWith(`${service.origin}/#/?`), 'the address is in the fragment');
  const again = await openPage(browser, service, desktop);
  const asked = [];
  again.page.on('request', (r) => asked.push(new URL(r.url()).pathname));
  await again.page.goto(link);
  await again.page.reload();
  assertSame(await cardOf(again.page), truth);
  assert.deepEqual([...strangers, ...errors, ...again.strangers, ...again.errors], []);
  await again.close();
  await close();
});

test('a street without a door is a list to choose from or a wish for the number, never a guess', async () => {
  const { page, errors, close } = await openPage(browser, service, desktop);
  await page.fill('#address', '槐荫街');
  await page.keyboard.press('Enter');
  const shown = await cardOf(page);
  assertSame(shown, await serviceAnswer({ address: '槐荫街' }));
  assert.equal(shown.status, 'undetermined');
  assert.ok(shown.text.includes('请补充门牌号'));
  await assertAccessible(page);
  await shot(page, 'street');
  await page.fill('#address', '没有这个地方');
  await page.keyboard.press('Enter');
  await page.waitForSelector('article[data-address=没有这个地方]');
  assert.ok((await page.innerText('article')).includes('本市没有这个地址'));
  await assertAccessible(page);
  assert.deepEqual(errors, []);
  await close();
});

test('an address that several places bear is chosen from a list', async () => {
  const { page, errors, close } = await openPage(browser, service, desktop);
  const typed = '翠湖1号楼'; // 翠湖花园, 翠湖家园, 翠湖小区
  await page.fill('#address', typed);
  await page.keyboard.press('Enter');
  const shown = await cardOf(page, 'undetermined');
  assert.equal(shown.address, typed);
  const choices = page.locator('article .choose button');
  assert.ok((await choices.count()) >= 2);
  await assertAccessible(page);
  await shot(page, 'choose');
  await choices.first().click();
  await page.waitForSelector(`article:not([data-address="${typed}"])`);
  const chosen = await cardOf(page);
  assertSame(chosen, await serviceAnswer({ address: chosen.address }));
  assert.equal(await page.inputValue('#address'), chosen.address);
  assert.deepEqual(errors, []);
  await close();
});

test('facts of the household settle what depends on them', async () => {
  const { page, errors, close } = await openPage(browser, service, desktop);
  await page.fill('#address', '云栖花园1号楼');
  await page.keyboard.press('Enter');
  const open = await cardOf(page, 'household_dependent');
  assertSame(open, await serviceAnswer({ address: '云栖花园1号楼' }));
  assert.equal(open.schools.length, 2);
  await assertAccessible(page);
  await shot(page, 'household');
  await page.selectOption('[data-question=collective_hukou]', 'yes');
  const settled = await cardOf(page, 'definite');
  assertSame(settled, await serviceAnswer({ address: '云栖花园1号楼', household: 'collective_hukou=yes' }));
  await page.click('.language');
  assert.ok((await page.innerText('article')).includes('Settled'));
  await assertAccessible(page);
  await shot(page, 'english');
  assert.deepEqual(errors, []);
  await close();
});

test('undecidable words of a notice name every school that may be meant', async () => {
  const { page, errors, close } = await openPage(browser, service, desktop);
  const truth = await serviceAnswer({ address: '御景花园1号楼' });
  assert.equal(truth.status, 'undetermined');
  await page.fill('#address', '御景花园1号楼');
  await page.keyboard.press('Enter');
  assertSame(await cardOf(page), truth);
  await shot(page, 'undetermined');
  assert.deepEqual(errors, []);
  await close();
});

test('a telephone 320 pixels wide shows the card without scrolling sideways, and a click on the map replaces it', async () => {
  const { page, errors, close } = await openPage(browser, service, { width: 320, height: 640 });
  assert.ok((await page.locator('#address').boundingBox()).y < 240, 'the question comes first');
  await page.fill('#address', '槐荫街');
  await page.waitForSelector('#address-list:not([hidden]) [role=option]');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await shot(page, 'phone-suggestions');
  await page.locator('[role=option]').first().click();
  await cardOf(page);
  assert.ok((await page.locator('article').boundingBox()).y < 320, 'the answer is in view');
  assert.notEqual(await page.evaluate(() => document.activeElement.id), 'place', 'the finger touched nothing under the list');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await assertAccessible(page);
  await shot(page, 'phone');
  await page.evaluate(() => scrollTo(0, 0));
  const box = await page.locator('.map').boundingBox();
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await page.waitForSelector('article[data-place]');
  assert.equal(await page.inputValue('#address'), '');
  assert.deepEqual(errors, []);
  await close();
});

test('a service that stops answering is said so, and typing goes on', async () => {
  const { page, close } = await openPage(browser, service, desktop);
  await page.route('**/v1/addresses/suggest?*', (route) => route.abort());
  await page.route('**/v1/match?*', (route) => route.abort());
  await page.fill('#address', '槐荫街2号');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=alert]');
  await page.unroute('**/v1/match?*');
  await page.locator('[role=alert] button').click();
  assertSame(await cardOf(page), await serviceAnswer({ address: '槐荫街2号' }));
  await close();
});

// A family's path through a season in a real browser: sign in by a code, register a child, hand it in, read how it stands
// after the bureau's part, accept the seat, open the letter. In Chinese and English, wide and 320 pixels narrow, light and
// dark. The season is a rehearsal; nobody in it is real. SHOTS=FOLDER keeps screenshots for the eye.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { assertAccessible, openPage } from './page.mjs';
import { startBrowser, startService } from './service.mjs';

let service, browser;
before(async () => {
  service = await startService({ season: '2024-06-08T09:00' });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  assert.equal(await service?.stop(), 0, 'SIGTERM ends the service cleanly');
});

const desktop = { width: 1280, height: 860 };
const phone = { width: 320, height: 640 };
const family = { path: '/#/family', ready: '.family form, .family [role=alert]' };

async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/family-${name}.png`, fullPage: true });
}

let posts = 0;
async function office(method, path, body, name) {
  const headers = { Authorization: `Bearer ${service.tokens[name]}`, 'Content-Type': 'application/json' };
  if (method === 'POST') headers['Idempotency-Key'] = `office-${(posts += 1)}`;
  const response = await fetch(service.origin + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}
const clock = (now) => office('PUT', '/v1/clock', { now }, 'operator');

// A number with a good check digit, of a region that does not exist.
function identity(born, serial) {
  const digits = '000000' + born + serial;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return digits + '10X98765432'[weights.reduce((sum, w, i) => sum + w * Number(digits[i]), 0) % 11];
}

async function signIn(page, number, before = '') {
  await page.fill('#phone', number);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#code');
  await page.fill('#code', await service.codeFor(number, before));
  await page.keyboard.press('Enter');
  await page.waitForSelector('h2.page-title');
}

// After weeks nobody is signed in any more: the page says so, and the family comes in by a new code.
async function comeBack(page, number, errors) {
  errors.length = 0;
  await page.goto('about:blank'); // else the address differs by its fragment alone, and the page goes on
  await page.goto(`${service.origin}/#/family`);
  await page.waitForSelector('#phone');
  assert.ok((await page.innerText('.note')).includes('登录已过期'));
  assert.ok(errors.splice(0).every((e) => e.includes('401')), 'the browser writes down that there is no session');
  const before = await service.codeFor(number);
  await signIn(page, number, before);
}

async function fits(page, width) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
}

async function fillIn(page, serial) {
  await page.waitForSelector('#child-name');
  await page.selectOption('#level', 'primary');
  await page.fill('#home', '永雪大道南1号');
  await page.waitForSelector('#home-list:not([hidden]) [role=option]');
  await page.press('#home', 'ArrowDown');
  await page.press('#home', 'Enter');
  await page.selectOption('#hukou', 'here');
  await page.selectOption('#hukou-with', 'parents');
  await page.selectOption('#dwelling', 'own');
  await page.fill('#child-name', '合成孩子');
  await page.fill('#document-number', identity('20180301', serial));
  await page.fill('#guardian-name', '合成家长');
  await page.selectOption('#relation', 'mother');
}

test('before it opens the answer says in how many days, and the way there is one click', async () => {
  const { page, strangers, errors, close } = await openPage(browser, service, desktop);
  await page.fill('#address', '永雪大道南1号');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-window=online]');
  assert.match(await page.innerText('[data-window=online]'), /3 天后开始/);
  await assertAccessible(page);
  await shot(page, 'calendar');
  await page.click('[data-window=online] a');
  await page.waitForSelector('#phone');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
  await clock('2024-06-11T09:00:00');
});

test('320 pixels, English and dark: wrong fields are named, a draft is kept, a private school is chosen', async () => {
  const number = '+99900000202';
  const { page, strangers, errors, close } = await openPage(browser, service, phone, { ...family, colorScheme: 'dark' });
  await page.click('.language');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await signIn(page, number);
  await fits(page, 320);
  await page.click('a.button');
  await fillIn(page, '020');
  await page.fill('#document-number', '000000201803010201');
  errors.length = 0;
  await page.click('form button[type=submit]');
  await page.waitForSelector('#document-number-error');
  assert.match(await page.innerText('#document-number-error'), /last character does not fit/);
  assert.ok(await page.evaluate(() => document.activeElement?.id === 'document-number'));
  assert.ok(errors.splice(0).every((e) => e.includes('400')), 'the browser writes down the refusal, and nothing else');
  await fits(page, 320);
  await assertAccessible(page);
  await shot(page, 'phone-form');
  await page.fill('#document-number', identity('20180301', '020'));
  assert.equal(await page.locator('#document-number-error').count(), 0);
  await page.click('form button.second');
  await page.waitForSelector('[data-stage=draft]');
  await fits(page, 320);
  await shot(page, 'phone-draft');
  await page.click('[data-stage] a.button');
  await page.waitForSelector('#child-name');
  assert.match(await page.inputValue('#home'), /永雪大道南1号$/);
  assert.equal(await page.inputValue('#hukou'), 'here');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.receipt');
  const code = (await page.evaluate(() => location.hash)).split('/')[2];
  await office('POST', `/v1/registrations/${code}/verify?case=review`, { office: { granted: true } }, 'district-1');
  await page.reload();
  await page.waitForSelector('#school');
  await assertAccessible(page);
  await shot(page, 'phone-choose');
  await page.selectOption('#school', 'S0002');
  await page.click('[aria-labelledby=private] button');
  await page.waitForSelector('[data-stage=private_choice]');
  await fits(page, 320);
  await page.goto(`${service.origin}/#/family`);
  await page.waitForSelector('[data-child]');
  await assertAccessible(page);
  await shot(page, 'phone-list');
  await page.click('.foot button');
  await page.waitForSelector('#phone');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('a busy service says when it is asked again, and is', async () => {
  const { page, close } = await openPage(browser, service, phone, family);
  let busy = 1;
  await page.route('**/v1/guardians/codes', (route) =>
    busy-- > 0
      ? route.fulfill({ status: 503, headers: { 'Retry-After': '30' }, json: { code: 'overloaded' } })
      : route.continue(),
  );
  await page.fill('#phone', '+99900000303');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.trouble.busy');
  assert.match(await page.innerText('.trouble'), /请 \d+ 秒后再试/);
  await assertAccessible(page);
  await shot(page, 'phone-busy');
  await page.click('form button[type=submit]');
  await page.waitForSelector('#code');
  await page.route('**/v1/policy', (route) =>
    route.fulfill({ status: 503, headers: { 'Retry-After': '2' }, json: { code: 'waiting' } }),
  );
  await page.reload();
  await page.waitForSelector('.trouble.busy');
  assert.match(await page.innerText('.trouble'), /秒后自动再试/);
  await page.unroute('**/v1/policy');
  await page.waitForSelector('#phone');
  await close();
});

test('a family registers a child from sign-in to the letter', async () => {
  const number = '+99900000101';
  const { page, strangers, errors, close } = await openPage(browser, service, desktop, family);
  await assertAccessible(page);
  await shot(page, 'sign-in');
  await signIn(page, number);
  await assertAccessible(page);
  await shot(page, 'empty');
  await page.click('a.button');
  await page.waitForSelector('#child-name');
  assert.ok((await page.locator('form input:not([type=checkbox])').count()) <= 12);
  await page.click('form button[type=submit]');
  await page.waitForSelector('#child-name-error');
  await assertAccessible(page);
  await shot(page, 'missing');
  await fillIn(page, '010');
  await page.waitForSelector('[data-verdict=eligible]');
  await page.click('[data-verdict] summary');
  await assertAccessible(page);
  await page.locator('.tick input').first().check();
  await shot(page, 'form');
  assert.equal(await page.inputValue('#guardian-phone'), number);
  await page.click('form button[type=submit]');
  await page.waitForSelector('.receipt');
  assert.equal(await page.getAttribute('[data-stage]', 'data-stage'), 'registered');
  await page.waitForSelector('[data-event=register_online]');
  await assertAccessible(page);
  await shot(page, 'receipt');
  const code = (await page.evaluate(() => location.hash)).split('/')[2];

  // The district opens the record, which the family sees, and passes it.
  await office('GET', `/v1/registrations/${code}?case=review`, null, 'district-1');
  await office('POST', `/v1/registrations/${code}/verify?case=review`, { office: { granted: true } }, 'district-1');
  await page.reload();
  await page.waitForSelector('[data-stage=verified]');
  assert.ok(Number(await page.getAttribute('[data-openers]', 'data-openers')) >= 1);
  assert.match(await page.innerText('[data-openers]'), /区县教育局[\s\S]*review/);
  await shot(page, 'verified');

  // The bureau's steps, up to the offer.
  const step = (name) => office('POST', '/v1/seasons/primary/steps', { step: name }, 'city-1');
  await clock('2024-07-23T09:00:00');
  for (const name of ['claims', 'private']) await step(name);
  await clock('2024-07-28T09:00:00');
  for (const name of ['forfeit', 'promote', 'end_lines', 'pool']) await step(name);
  const { draws } = await office('POST', '/v1/draws', { level: 'primary', kind: 'lots', place: 'rehearsal hall' }, 'city-1');
  for (const { id } of draws) {
    const dice = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`synthetic-${n}`, `000${n}`]));
    const secret = (who) => createHash('sha256').update(id + who).digest('hex');
    await office('POST', `/v1/draws/${id}/ceremony`, { dice, notary: secret('notary'), bureau: secret('bureau') }, 'city-1');
    await office('POST', `/v1/draws/${id}/finalise`, {}, 'city-1');
    await office('POST', `/v1/draws/${id}/finalise`, {}, 'city-2');
  }
  await step('zones');
  await comeBack(page, number, errors);
  await page.waitForSelector('[data-todo=accept]');
  await shot(page, 'offered-list');
  await page.click('[data-child] a');
  await page.waitForSelector('[data-stage=offered]');
  await assertAccessible(page);
  await shot(page, 'offered');
  await page.click('[data-stage] .actions button');
  await page.waitForSelector('[data-stage=confirmed]');
  await clock('2024-08-03T09:00:00');
  await step('lock');
  await comeBack(page, number, errors);
  await page.click('[data-child] a');
  await page.waitForSelector('[data-stage=locked]');
  await page.click('[data-stage] a.button');
  await page.waitForSelector('.letter');
  assert.match(await page.innerText('.letter code'), /^CATCHMENT1\./);
  await assertAccessible(page);
  await shot(page, 'letter');
  await page.click('.language');
  assert.match(await page.innerText('.letter'), /Letter of admission/);
  await shot(page, 'letter-en');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('on opening day a family waits its turn, and the page goes on by itself when it is', async () => {
  const officers = [['operator', 'operator']];
  const more = ['--door-opens', '2024-06-11T08:00', '--door-rate', '100'];
  const crowded = await startService({ season: '2024-06-10T20:00', officers, more });
  const token = { Authorization: `Bearer ${crowded.tokens.operator}`, 'Content-Type': 'application/json' };
  const context = await browser.newContext({ viewport: phone, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.clock.install();
  await page.goto(`${crowded.origin}/#/family`);
  await page.waitForSelector('[data-waiting=early]');
  assert.match(await page.innerText('[data-waiting]'), /6月11日 08:00[\s\S]*先到不占优势/);
  assert.equal(await page.locator('#phone').count(), 0);
  await fits(page, 320);
  await assertAccessible(page);
  await shot(page, 'waiting');
  await page.click('.language');
  assert.match(await page.innerText('[data-waiting]'), /not open yet[\s\S]*Coming first gives no advantage/);
  const set = await fetch(`${crowded.origin}/v1/clock`, { method: 'PUT', headers: token, body: '{"now":"2024-06-11T08:00:05"}' });
  assert.equal(set.status, 200);
  await page.clock.runFor(45_000); // it looks again within forty seconds
  await page.waitForSelector('#phone');
  assert.deepEqual(errors, []);
  await context.close();
  assert.equal(await crowded.stop(), 0);
});

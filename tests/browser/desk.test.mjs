// The bureau's desk in a real browser: a district works through its queue, two persons of the city hold a private draw
// that a stranger verifies, steps are taken, the season is audited, accounts are made by two. In Chinese and English, wide
// and 320 pixels narrow, light and dark. The season is a rehearsal; nobody in it is real. SHOTS=FOLDER keeps screenshots.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { assertAccessible, openAs } from './page.mjs';
import { startBrowser, startService } from './service.mjs';

const SEATS = 2; // of the private school that more children choose
let service, browser;
const codes = []; // of the registrations, in the order they were made
let rejected = ''; // the one that did not pass
before(async () => {
  service = await startService({ season: '2024-06-11T09:00', privateSeats: SEATS });
  browser = await startBrowser();
  for (let n = 1; n <= 6; n += 1) codes.push(await register(n));
});
after(async () => {
  await browser?.close();
  assert.equal(await service?.stop(), 0, 'SIGTERM ends the service cleanly');
});

const desktop = { width: 1440, height: 900 };
const phone = { width: 320, height: 640 };

async function shot(page, name, fullPage = true) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/desk-${name}.png`, fullPage });
}
async function fits(page, width) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
}

let posts = 0;
async function call(method, path, body, headers = {}) {
  const all = { 'Content-Type': 'application/json', ...headers };
  if (method === 'POST') all['Idempotency-Key'] = `desk-${(posts += 1)}`;
  const response = await fetch(service.origin + path, { method, headers: all, ...(body ? { body: JSON.stringify(body) } : {}) });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(answer)}`);
  return { answer, cookie: response.headers.get('set-cookie')?.split(';')[0] };
}
const office = async (method, path, body, name) =>
  (await call(method, path, body, { Authorization: `Bearer ${service.tokens[name]}` })).answer;

// A number with a good check digit, of a region that does not exist.
function identity(born, serial) {
  const digits = '000000' + born + serial;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return digits + '10X98765432'[weights.reduce((sum, w, i) => sum + w * Number(digits[i]), 0) % 11];
}
const families = new Map(); // by code: how its family is signed in
async function register(n) {
  const number = `+9990000050${n}`;
  await call('POST', '/v1/guardians/codes', { phone: number });
  const { answer, cookie } = await call('POST', '/v1/guardians/sessions', { phone: number, code: await service.codeFor(number) });
  const family = { Cookie: cookie, 'X-CSRF-Token': answer.csrf };
  const { suggestions } = (await call('GET', `/v1/addresses/suggest?q=${encodeURIComponent('永雪大道南1号')}`)).answer;
  const home = suggestions[0].entry;
  const facts = {
    residence_district: 'D01', residence_zone: 'home', residence_address: home, property_addresses: [home],
    grandparents_property_addresses: [], lawful_home: true, hukou_in_city: true, hukou_district: 'D01', hukou_zone: 'home',
    hukou_address: home, hukou_with: 'parents', evidence: n === 1 ? [] : (await call('GET', '/v1/policy')).answer.evidence.map((e) => e.id).slice(0, 3),
  };
  const record = {
    level: 'primary', district: 'D01', home: { address_id: home }, facts,
    child: { name: `合成孩子${n}`, document: { type: 'resident_id', number: identity('20180301', `0${n}0`) }, birth_date: '2018-03-01', sex: n % 2 ? 'female' : 'male' },
    guardian: { name: `合成家长${n}`, relation: 'mother', phone: number },
  };
  const { code } = (await call('POST', '/v1/registrations', record, family)).answer;
  await call('POST', `/v1/registrations/${code}/submit`, {}, family);
  families.set(code, family);
  return code;
}

const open = []; // pages a test left behind: it failed
afterEach(async () => {
  for (const { page, close } of open.splice(0)) {
    await shot(page, `left-${await page.getAttribute('[data-role]', 'data-role').catch(() => '')}`).catch(() => undefined);
    await close();
  }
});
async function openDesk(name, viewport = desktop, more = {}) {
  const opened = await openAs(browser, service, name, viewport, { path: '/#/desk', ...more });
  const { close } = opened;
  open.push(opened);
  opened.close = () => (open.splice(open.indexOf(opened), 1), close());
  await opened.page.waitForSelector('.desk-tiles');
  return opened;
}
const go = async (page, hash, ready) => {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForSelector(ready);
};
// Ticks every paper, passes the record that is open.
async function pass(page) {
  for (const box of await page.locator('.desk-checklist input').all()) await box.check();
  await page.click('form:has(.desk-checklist) button[type=submit]');
  await page.waitForSelector('[data-stage=verified]');
}

test('a district finds what is to be done, opens a record for a case, checks its papers, passes it; the family sees who', async () => {
  const { page, strangers, errors, close } = await openDesk('district-1');
  assert.match(await page.innerText('[data-work=review]'), /审核 6 份登记[\s\S]*您可以办/);
  const pages = await page.locator('.desk-nav a').allInnerTexts();
  for (const name of ['登记审核', '学位台账', '派位摇号']) assert.ok(pages.includes(name), name);
  for (const name of ['日志', '账号与权限', '招生核查']) assert.ok(!pages.includes(name), name);
  await assertAccessible(page);
  await shot(page, 'today');
  await page.click('[data-work=review] a');
  await page.waitForSelector('[data-rows="6"]');
  await assertAccessible(page);
  await shot(page, 'queue');
  await page.selectOption('#stage', 'enrolled');
  await page.waitForSelector('.desk-empty');
  await shot(page, 'queue-empty');
  await page.selectOption('#stage', 'registered');
  await page.waitForSelector('[data-rows="6"]');
  await page.click('tbody a');
  await page.waitForSelector('.desk-case');
  await assertAccessible(page);
  await shot(page, 'case');
  await page.click('.desk-case button[type=submit]');
  await page.waitForSelector('[data-stage=registered]');
  assert.match(await page.innerText('[data-stage]'), /合成孩子/);
  await page.click('.desk-more summary');
  await assertAccessible(page);
  await shot(page, 'record');
  const papers = await page.locator('.desk-checklist input').count();
  if (papers > 0) assert.ok(await page.isDisabled('form:has(.desk-checklist) button[type=submit]'));
  const code = (await page.evaluate(() => location.hash)).split('/')[3];
  await pass(page);
  await page.waitForSelector('.staff-note.good');
  await shot(page, 'passed');
  const { openers } = (await call('GET', `/v1/registrations/${code}/openers`, null, families.get(code))).answer;
  assert.ok(openers.some((o) => o.case === '材料审核' && o.role === 'district'));
  // The rest of the queue, by the link to the next.
  for (let left = 5; left > 1; left -= 1) {
    await page.click('.staff-note.good a');
    await page.waitForSelector('[data-stage=registered]');
    await pass(page);
  }
  await page.click('.staff-note.good a');
  await page.waitForSelector('[data-stage=registered]');
  rejected = (await page.evaluate(() => location.hash)).split('/')[3];
  await page.click('form:has(.desk-checklist) button.second');
  await page.waitForSelector('dialog[open]');
  await page.selectOption('#why', { index: 1 });
  await assertAccessible(page);
  await shot(page, 'reject');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('[data-stage=rejected]');
  await shot(page, 'rejected');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('320 pixels, English and dark: seats, extra seats, a case that is refused, rights', async () => {
  const { page, strangers, errors, close } = await openDesk('district-1', phone, { colorScheme: 'dark' });
  await page.click('.language');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await fits(page, 320);
  await assertAccessible(page);
  await shot(page, 'phone-today');
  await go(page, '#/desk/seats', '[data-rows]');
  await fits(page, 320);
  await assertAccessible(page);
  await page.locator('tbody .desk-small-button').first().click();
  await page.waitForSelector('dialog[open]');
  await page.fill('#more', '2');
  await shot(page, 'phone-extra', false);
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('.staff-note.good');
  await shot(page, 'phone-seats');
  await go(page, '#/desk/review', '[data-rows], .desk-empty');
  await fits(page, 320);
  await shot(page, 'phone-queue');
  await page.fill('#code', codes[0].toLowerCase());
  await page.keyboard.press('Enter');
  await page.waitForSelector('.desk-case');
  await page.keyboard.press('Tab');
  await page.click('.desk-case button[type=submit]');
  await page.waitForSelector('[data-stage]');
  await fits(page, 320);
  await assertAccessible(page);
  await shot(page, 'phone-record');
  await go(page, '#/desk/rights', 'table');
  await fits(page, 320);
  await assertAccessible(page);
  await go(page, '#/desk/journal', '.desk-empty');
  assert.match(await page.innerText('.desk-main'), /does not have this page/);
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('two persons hold a private draw on the ceremony screen, by keyboard; a stranger verifies it offline', async () => {
  for (const { code } of (await office('GET', '/v1/registrations?stage=registered', null, 'district-1')).registrations)
    await office('POST', `/v1/registrations/${code}/verify?case=review`, {}, 'district-1');
  for (const code of codes.filter((c) => c !== rejected))
    await call('POST', `/v1/registrations/${code}/choose`, { school: 'S0002' }, families.get(code));
  await office('PUT', '/v1/clock', { now: '2024-07-23T09:00:00' }, 'operator');
  const one = await openDesk('city-1');
  const { page } = one;
  // What is due, and its steps.
  assert.match(await page.innerText('[data-work=step]'), /民办直接录取|落实优先学位/);
  await go(page, '#/desk/season?level=primary', '[data-step=private]');
  await assertAccessible(page);
  await shot(page, 'season');
  await page.click('[data-step=private] button');
  await page.waitForSelector('dialog[open]');
  await assertAccessible(page);
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('[data-result=private]');
  await shot(page, 'step-result');

  // Sealed numbers of notary and bureau, made on this computer.
  const seals = {};
  for (const who of ['notary', 'bureau']) {
    await go(page, '#/desk/draws/seal', 'input[name=who]');
    await page.check(`input[name=who][value=${who}]`);
    await page.click('form button[type=submit]');
    await page.waitForSelector('[data-commitment]');
    seals[who] = { number: await page.getAttribute('[data-number]', 'data-number'), commitment: await page.getAttribute('[data-commitment]', 'data-commitment') };
    await shot(page, `seal-${who}`);
    await go(page, '#/desk/draws', '#draw-kind');
  }
  await assertAccessible(page);
  await page.selectOption('#draw-level', 'primary');
  await page.selectOption('#draw-school', 'S0002');
  await page.fill('#draw-place', 'rehearsal hall');
  await page.click('form .desk-more summary');
  await page.fill('#seal-notary', seals.notary.commitment);
  await page.fill('#seal-bureau', seals.bureau.commitment);
  await assertAccessible(page);
  await shot(page, 'freeze');
  await page.click('form:has(#draw-kind) button[type=submit]');
  await page.waitForSelector('dialog[open]');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('[data-state=frozen]');
  const hash = await page.getAttribute('.desk-hash', 'data-hash');
  assert.match(hash, /^[0-9a-f]{64}$/);
  await assertAccessible(page);
  await shot(page, 'draw-frozen');

  // The screen, from here on by keyboard.
  await page.click('a.staff-button');
  await page.waitForSelector('.cer[data-at="0"] .cer-hash');
  assert.equal(await page.getAttribute('.cer-hash', 'data-hash'), hash);
  await assertAccessible(page);
  await shot(page, 'ceremony-1', false);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.cer[data-at="1"]');
  const typeAll = async (digits) => {
    for (const text of digits) {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    }
  };
  const dice = ['4071', '9930', '1528', '6604', '2795', '8316'];
  await typeAll(dice);
  await typeAll([seals.notary.number.slice(0, 10)]);
  await page.keyboard.press('Enter'); // the bureau's is empty: it is told
  await page.waitForSelector('.cer-wrong');
  await assertAccessible(page);
  await shot(page, 'ceremony-2-wrong', false);
  await page.fill('#sealed-notary', seals.notary.number);
  await page.fill('#sealed-bureau', seals.bureau.number);
  await shot(page, 'ceremony-2', false);
  await page.press('#sealed-bureau', 'Enter');
  await page.waitForSelector('.cer[data-at="2"]');
  assert.equal(await page.inputValue('#dice-congress'), '', 'the second does not see what the first typed');
  await typeAll(['4071', '9930', '1529', '6604', '2795', '8316', seals.notary.number, seals.bureau.number]);
  await page.waitForSelector('.cer-wrong');
  assert.equal(await page.getAttribute('#dice-discipline', 'aria-invalid'), 'true');
  await assertAccessible(page);
  await shot(page, 'ceremony-3-mismatch', false);
  await page.fill('#dice-discipline', '1528');
  await page.press('#sealed-bureau', 'Enter');
  await page.waitForSelector('.cer[data-at="3"]');
  await shot(page, 'ceremony-4', false);
  await page.waitForFunction(() => document.activeElement?.tagName === 'BUTTON');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '等待第二位确认' }).waitFor();
  await assertAccessible(page);
  await shot(page, 'ceremony-4-waiting', false);

  // The second person, at another computer and in English; the screen then shows the result by itself.
  const two = await openDesk('city-2', { width: 1024, height: 768 });
  await two.page.click('.language');
  await two.page.waitForSelector('[data-work=conclude]');
  await two.page.click('[data-work=conclude] a');
  await two.page.waitForSelector('[data-state=dice]');
  await assertAccessible(two.page);
  await shot(two.page, 'draw-conclude');
  await two.page.click('[aria-labelledby=conclude] button');
  await two.page.waitForSelector('[data-state=concluded]');
  await assertAccessible(two.page);
  await shot(two.page, 'draw-concluded');
  await page.waitForSelector('.cer[data-at="4"] .cer-codes');
  assert.equal(await page.locator('.cer-codes li').count(), SEATS);
  const result = await page.getAttribute('[data-result]', 'data-result');
  await assertAccessible(page);
  await shot(page, 'ceremony-5', false);
  await page.setViewportSize({ width: 1024, height: 768 });
  await shot(page, 'ceremony-5-small', false);
  for (const { errors, strangers } of [one, two]) {
    assert.deepEqual(errors, []);
    assert.deepEqual(strangers, []);
  }

  // Anybody: the files and the verify page, without a sign-in; the page itself without a network.
  const folder = mkdtempSync(join(tmpdir(), 'catchment-proof-'));
  const context = await browser.newContext({ viewport: phone, acceptDownloads: true });
  const stranger = await context.newPage();
  const complaints = [];
  // A service that is busy for the moment is asked again (see page.mjs).
  stranger.on('console', (m) => m.type() === 'error' && !m.text().includes('a status of 503') && complaints.push(m.text()));
  stranger.on('pageerror', (e) => complaints.push(e.message));
  const { draws } = (await call('GET', '/v1/draws')).answer;
  const { files, hashes } = (await call('GET', `/v1/draws/${draws[0].id}`)).answer;
  assert.equal(hashes['result.tsv'], result);
  // Whoever comes from the front page finds the files.
  await stranger.goto(`${service.origin}/#/draws`);
  await stranger.locator(`[data-draw="${draws[0].id}"] button`).click();
  await stranger.waitForSelector('.files');
  await assertAccessible(stranger);
  await shot(stranger, 'draws');
  const paths = [];
  for (const name of files) {
    const [download] = await Promise.all([stranger.waitForEvent('download'), stranger.click(`a[download="${name}"]`)]);
    paths.push(join(folder, name));
    await download.saveAs(paths.at(-1));
  }
  await stranger.goto(`${service.origin}/verify.html`);
  await context.setOffline(true);
  await stranger.setInputFiles('#files', paths);
  await stranger.getByRole('heading', { name: '✔ 一致' }).waitFor();
  assert.match(await stranger.textContent('#out'), new RegExp(result));
  await assertAccessible(stranger);
  await shot(stranger, 'verified');
  await stranger.fill('#code', codes.find((c) => c !== rejected));
  await stranger.getByRole('heading', { name: /录取|候补/ }).first().waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
  rmSync(folder, { recursive: true });
  await two.close();
  await one.close();
});

test('the season is audited: each rule with its clause, kept, broken or not judged', async () => {
  const { page, strangers, errors, close } = await openDesk('auditor');
  await page.click('.language');
  await go(page, '#/desk/audits', '.desk-main button');
  await shot(page, 'audits-before');
  await page.click('.desk-main .staff-actions button');
  await page.waitForSelector('[data-audits]');
  assert.ok((await page.locator('[data-verdict=kept]').count()) > 3);
  await assertAccessible(page);
  await shot(page, 'audits');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('the journal is checked and proved, and who opened a record is found', async () => {
  const { page, strangers, errors, close } = await openDesk('auditor');
  await page.click('.language');
  await go(page, '#/desk/journal', '[data-checked=agrees]');
  await page.locator('[data-lines] tbody button').last().click();
  await page.waitForSelector('[data-proof=true]');
  await assertAccessible(page);
  await shot(page, 'journal');
  await go(page, '#/desk/openers', '#code');
  await page.fill('#code', codes[0]);
  await page.keyboard.press('Enter');
  await page.waitForSelector('table');
  assert.match(await page.innerText('table'), /材料审核|Review of papers/);
  await assertAccessible(page);
  await shot(page, 'openers');
  await go(page, '#/desk/accounts', '[data-accounts]');
  assert.equal(await page.locator('#new-name').count(), 0, 'an auditor sees accounts and makes none');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

// A child of the public pool is given a seat: one officer of the district has asked for it, the other does the same here.
async function placeByHand() {
  const { registrations } = await office('GET', '/v1/registrations?stage=public_pool', null, 'district-1');
  const { code } = registrations[0];
  const seat = { school: 'S0001', clause: 'remaining_seats' };
  await office('POST', `/v1/registrations/${code}/place?case=hand`, seat, 'district-2');
  const { page, errors, close } = await openDesk('district-1');
  await go(page, `#/desk/review/${code}`, '.desk-case');
  await page.click('.desk-case button[type=submit]');
  await page.waitForSelector('[data-stage=public_pool]');
  await page.getByRole('button', { name: '人工安排学位' }).click();
  await page.selectOption('#to', seat.school);
  await page.selectOption('#clause', seat.clause);
  await assertAccessible(page);
  await shot(page, 'place', false);
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('[data-stage=offered]');
  await shot(page, 'placed');
  assert.deepEqual(errors, []);
  await close();
}

test('an account is made by two persons, each at an own computer; steps overflow and result are shown', async () => {
  const one = await openDesk('operator');
  await go(one.page, '#/desk/accounts', '[data-accounts]');
  await assertAccessible(one.page);
  const fill = async (page) => {
    await page.fill('#new-name', 'district-9');
    await page.selectOption('#new-role', 'district');
    await page.fill('#new-districts', 'D01');
    await page.fill('#new-password', 'another password for a rehearsal');
    await page.click('form:has(#new-name) button[type=submit]');
    await page.waitForSelector('.staff-note.good');
  };
  await fill(one.page);
  assert.match(await one.page.innerText('.staff-note.good'), /还没有生效/);
  await shot(one.page, 'account-asked');
  const two = await openDesk('city-2');
  await go(two.page, '#/desk/accounts', '#new-name');
  await fill(two.page);
  assert.match(await two.page.innerText('.staff-note.good'), /已生效/);
  await go(one.page, '#/desk', '.desk-tiles');
  await go(one.page, '#/desk/accounts', '[data-account=district-9]');
  await shot(one.page, 'accounts');
  await one.page.click('[data-account=district-9] button');
  await one.page.waitForSelector('dialog[open]');
  await assertAccessible(one.page);
  await shot(one.page, 'account-change', false);
  await one.page.keyboard.press('Escape');
  await one.page.waitForSelector('dialog', { state: 'detached' });
  // The rehearsal's clock, forward to where the public part begins.
  await go(one.page, '#/desk/season?level=primary', '#clock');
  await one.page.fill('#clock', '2024-08-20T09:00:00');
  await one.page.click('form:has(#clock) button[type=submit]');
  // After weeks nobody is signed in any more: whoever was is told so, and comes in again.
  await one.page.waitForSelector('#staff-name');
  assert.match(await one.page.innerText('.staff-note'), /登录已过期/);
  one.errors.splice(0).forEach((e) => assert.match(e, /401/));
  await shot(one.page, 'clock');
  service.sessions = {};
  await one.close();
  await two.close();
  // Nobody who was drawn, or follows in the line, answers in time: all go on to the public part.
  for (const day of ['21', '23', '25', '27']) {
    await office('PUT', '/v1/clock', { now: `2024-08-${day}T09:00:00` }, 'operator');
    for (const step of ['forfeit', 'promote']) await office('POST', '/v1/seasons/primary/steps', { step }, 'city-1');
  }
  const again = await openDesk('city-1');
  await go(again.page, '#/desk/season?level=primary', '[data-step=overflow]');
  const take = async (step) => {
    await again.page.click(`[data-step=${step}] button`);
    await again.page.waitForSelector('dialog[open]');
    await again.page.click('dialog button[type=submit]');
    await again.page.waitForSelector(`[data-result=${step}]`);
  };
  for (const step of ['end_lines', 'pool']) await take(step);
  await placeByHand();
  await take('overflow');
  await assertAccessible(again.page);
  await shot(again.page, 'overflow');
  await go(again.page, '#/desk/warnings', '.desk-cards, .desk-empty, .staff-trouble');
  await shot(again.page, 'warnings');
  await again.close();
});

test('a district reads its ledgers for a case, page by page in words, and takes its files', async () => {
  const { page, strangers, errors, close } = await openDesk('district-1');
  await go(page, '#/desk/ledgers', '.desk-case');
  await assertAccessible(page);
  await page.click('.desk-case button[type=submit]');
  await page.waitForSelector('.desk-empty');
  await shot(page, 'ledger-empty');
  await page.getByRole('button', { name: '适龄儿童' }).click();
  await page.waitForSelector('[data-ledger=school-age][data-rows="6"]');
  assert.match(await page.innerText('[data-ledger]'), /还没有学位|待入学/);
  await assertAccessible(page);
  await shot(page, 'ledger');
  const { openers } = await office('GET', `/v1/registrations/${codes[0]}/openers`, null, 'auditor');
  assert.ok(openers.some((o) => o.action === 'ledger.read' && o.case === '材料审核'), 'whose line was read is written down');
  await go(page, '#/desk/exports', '[data-exports]');
  await assertAccessible(page);
  await shot(page, 'exports');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-file="children.csv"] a')]);
  assert.equal(download.suggestedFilename(), 'children.csv');
  assert.match(readFileSync(await download.path(), 'utf8'), new RegExp(codes[0]));
  await page.click('.language');
  await page.setViewportSize(phone);
  await fits(page, 320);
  await assertAccessible(page);
  await shot(page, 'phone-exports');
  await go(page, '#/desk/ledgers', '[data-ledger], .desk-empty');
  await fits(page, 320);
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('a school sees its own list and no more', async () => {
  const { page, errors, close } = await openDesk('school-1');
  const pages = await page.locator('.desk-nav a').allInnerTexts();
  for (const name of ['派位摇号', '日程与步骤', '账号与权限', '日志']) if (name !== '派位摇号' && name !== '日程与步骤') assert.ok(!pages.includes(name), name);
  await go(page, '#/desk/review', '.desk-empty, [data-rows]');
  await shot(page, 'school-queue');
  await go(page, '#/desk/seats', '[data-rows]');
  await assertAccessible(page);
  assert.deepEqual(errors, []);
  await close();
});

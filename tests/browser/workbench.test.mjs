// A planner's path through the workbench in a real browser, on the real service: sign in, make a plan, paint units, read
// what it does, save it, read the statement. In Chinese and English, wide and 320 pixels narrow, light and dark.
// SHOTS=FOLDER keeps screenshots for the eye.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, openAs, openPage, signInOfficer } from './page.mjs';
import { startBrowser, startService } from './service.mjs';

let service, browser;
before(async () => {
  service = await startService({ season: '2024-06-08T09:00', schools: 16 });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  assert.equal(await service?.stop(), 0, 'SIGTERM ends the service cleanly');
});

const desktop = { width: 1360, height: 860 };
const phone = { width: 320, height: 640 };
const plan = { path: '/#/plan', ready: '#staff-name' };

async function shot(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/workbench-${name}.png`, fullPage: true });
}

async function fits(page, width) {
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
}

// The plan with the bench idle: the map drawn, the figures of the changes in.
async function settled(page) {
  await page.waitForSelector('[data-idle=true]', { timeout: 60_000 });
  await page.waitForSelector('[data-trying=false]');
}

// The city is made ready when it is first asked for: the page waits and asks again by itself.
async function newPlan(page, name) {
  await page.fill('#plan-name', name);
  await page.press('#plan-name', 'Enter');
  await page.waitForSelector('.bench-main', { timeout: 60_000 });
  await settled(page);
}

const seats = (page) =>
  page.$$eval('[data-school]', (rows) =>
    rows.map((row) => {
      const [expected, of, units] = [...row.querySelectorAll('td.n')].map((cell) => Number(cell.textContent));
      return { school: row.dataset.school, expected, of, units };
    }),
  );

test('a planner signs in, paints units to another school, sees the figures move, saves and reads the statement', async () => {
  const { page, strangers, errors, close } = await openPage(browser, service, desktop, plan);
  await assertAccessible(page);
  await shot(page, 'sign-in');
  await signInOfficer(page, service, 'city-1');
  await page.waitForSelector('.empty');
  await assertAccessible(page);
  await shot(page, 'empty');
  await newPlan(page, '城南三小区调整');
  await assertAccessible(page);
  await shot(page, 'bench');

  // Painting: from the zone of one school towards that of another.
  const before = await seats(page);
  const target = before[1].school;
  await page.click(`[data-school=${target}] .act button`);
  assert.equal(await page.inputValue('#target'), target);
  await page.click('[data-tool=brush]');
  const box = await page.locator('.map').boundingBox();
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.52, { steps: 12 });
  await shot(page, 'painting');
  await page.mouse.up();
  await settled(page);
  const painted = await seats(page);
  const unitsOf = (list, school) => list.find((row) => row.school === school).units;
  assert.ok(unitsOf(painted, target) > unitsOf(before, target), 'the target has more units');
  await page.click('#tab-changes');
  assert.equal(await page.locator('[data-change=reassign_units]').count(), 1);
  await shot(page, 'changes');
  await page.click('#tab-figures');
  await page.waitForSelector('[data-figure=children_moved][data-verdict=worse]');
  await assertAccessible(page);
  await shot(page, 'figures');

  // Undone and done again, by keyboard.
  await page.keyboard.press('Control+z');
  await page.waitForSelector('[data-figure=children_moved][data-verdict=equal]');
  await page.keyboard.press('Control+y');
  await page.waitForSelector('[data-figure=children_moved][data-verdict=worse]');

  await page.click('[data-save]');
  await page.waitForFunction(() => document.querySelector('[data-save]').disabled);
  await page.click('#tab-text');
  await page.waitForSelector('[data-statement]');
  assert.match(await page.innerText('[data-statement]'), /城南三小区调整[\s\S]*征求意见/);
  await assertAccessible(page);
  await shot(page, 'statement');
  // What is printed is the notice and the statement.
  await page.emulateMedia({ media: 'print' });
  for (const [part, seen] of [['[data-statement]', true], ['[data-notice]', true], ['.map-side', false], ['[data-print]', false]])
    assert.equal(await page.locator(part).isVisible(), seen, part);
  await page.emulateMedia({ media: 'screen' });
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-export=units]')]);
  assert.match(download.suggestedFilename(), /plan-\d+\.csv/);

  // Opened again it is as it was saved.
  await page.reload();
  await page.waitForSelector('.bench-main');
  await settled(page);
  assert.equal(unitsOf(await seats(page), target), unitsOf(painted, target));
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('320 pixels, English and dark: a plan is made and units are given by the tables alone, by keyboard', async () => {
  const { page, strangers, errors, close } = await openPage(browser, service, phone, { ...plan, colorScheme: 'dark' });
  await page.click('.language');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await assertAccessible(page);
  await shot(page, 'phone-sign-in');
  await signInOfficer(page, service, 'city-2');
  await page.waitForSelector('[data-plan]');
  await fits(page, 320);
  await newPlan(page, 'By the tables');
  await fits(page, 320);
  await assertAccessible(page);
  await shot(page, 'phone-bench');
  const target = (await seats(page))[0].school;
  await page.focus('#target');
  await page.selectOption('#target', target);
  await page.focus('#tab-schools');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getAttribute('#tab-units', 'aria-selected'), 'true');
  const other = await page.$$eval('#of-school option', (options, own) => options.map((o) => o.value).find((v) => v && v !== own), target);
  await page.selectOption('#of-school', other);
  const boxes = page.locator('[data-unit] input[type=checkbox]');
  for (const n of [0, 1, 2]) {
    await boxes.nth(n).focus();
    await page.keyboard.press('Space');
  }
  assert.equal(await page.getAttribute('[data-chosen]', 'data-chosen'), '3');
  await fits(page, 320);
  await assertAccessible(page);
  await shot(page, 'phone-units');
  await page.focus('[data-give]');
  await page.keyboard.press('Enter');
  await settled(page);
  await page.click('#tab-changes');
  assert.match(await page.innerText('[data-change=reassign_units]'), /Give to/);
  for (const tab of ['figures', 'changes', 'optimise', 'comments', 'steps']) {
    await page.click(`#tab-${tab}`);
    await page.waitForSelector(`#tab-panel[aria-labelledby=tab-${tab}]:not(:has(> [role=status]:only-child))`);
    await fits(page, 320);
    await assertAccessible(page);
    await shot(page, `phone-${tab}`);
  }
  await page.click('[data-save]');
  await page.waitForFunction(() => document.querySelector('[data-save]').disabled);
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('the optimiser is watched at work and its plan taken; the ensemble says where the plan stands', async () => {
  const { page, strangers, errors, close } = await openAs(browser, service, 'city-1', desktop, plan);
  await page.waitForSelector('[data-plan]');
  await newPlan(page, '优化');
  await page.click('#tab-optimise');
  await page.selectOption('#opt-seconds', '3');
  await page.click('[data-start]');
  await page.waitForSelector('[data-job]');
  await shot(page, 'optimiser-at-work');
  await page.waitForSelector('[data-redraw]', { timeout: 120_000 });
  await assertAccessible(page);
  await shot(page, 'optimised');
  await page.click('[data-take]');
  await settled(page);
  await page.click('#tab-changes');
  assert.ok((await page.locator('[data-change]').count()) > 0);
  await page.click('[data-save]');
  await page.waitForFunction(() => document.querySelector('[data-save]').disabled);
  await page.click('#tab-optimise');
  await page.click('[data-ensemble]');
  await page.waitForSelector('.boxes [data-figure], [data-finding]', { timeout: 120_000 });
  await assertAccessible(page);
  await shot(page, 'ensemble');
  // Beside the first plan, by a swipe.
  await page.click('#tab-figures');
  await page.selectOption('#beside', '1');
  await page.waitForSelector('[data-compare] [data-idle=true]', { timeout: 60_000 });
  await assertAccessible(page);
  await shot(page, 'compare');
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

test('a plan goes to the public by two persons, comments are answered on their units, and it is approved', async () => {
  const first = await openAs(browser, service, 'city-1', desktop, plan);
  const second = await openAs(browser, service, 'city-2', desktop, plan);
  const open = async ({ page }) => {
    await page.waitForSelector('[data-plan]');
    await page.click('[data-plan="1"]');
    await page.waitForSelector('.bench-main');
    await settled(page);
    await page.click('#tab-steps');
  };
  await open(first);
  await open(second);
  await first.page.click('[data-advance=consulting]');
  await first.page.waitForSelector('[data-said=waiting]');
  await shot(first.page, 'second-person');
  await second.page.click('[data-advance=consulting]');
  await second.page.waitForSelector('[data-state=consulting]');
  await second.page.click('#tab-units');
  await second.page.locator('[data-unit] input').first().check();
  await second.page.click('#tab-comments');
  await second.page.fill('#comment-text', '过马路不安全，请设天桥。');
  await second.page.click('form.inset button[type=submit]');
  await second.page.waitForSelector('[data-comment="1"]');
  await second.page.fill('#answer-1', '将设过街天桥。');
  await second.page.click('[data-comment="1"] button[type=submit]');
  await second.page.waitForSelector('[data-unanswered="0"]');
  await assertAccessible(second.page);
  await shot(second.page, 'comments');
  await second.page.click('#tab-steps');
  await second.page.click('[data-advance=approved]');
  await second.page.waitForSelector('[data-said=waiting]');
  await first.page.reload();
  await first.page.waitForSelector('[data-state=consulting]');
  await first.page.click('#tab-steps');
  await first.page.click('[data-advance=approved]');
  await first.page.waitForSelector('[data-state=approved]');
  await assertAccessible(first.page);
  await shot(first.page, 'approved');
  for (const { errors, strangers, close } of [first, second]) {
    assert.deepEqual(errors, []);
    assert.deepEqual(strangers, []);
    await close();
  }
});

test('a zone border is dragged, a polygon drawn, a unit cut: the service does the geometry, and a refusal is said in words', async () => {
  const { page, strangers, errors, close } = await openAs(browser, service, 'city-2', desktop, plan);
  await page.waitForSelector('[data-plan]');
  await newPlan(page, '边界');
  const changes = () => page.locator('[data-change]').count();
  await page.click('#tab-changes');
  const box = await page.locator('.map').boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];

  // A polygon around the middle goes to the target.
  await page.selectOption('#target', { index: 3 });
  await page.click('[data-tool=polygon]');
  await page.waitForSelector('[data-drawing=true]'); // it comes when it is first asked for
  for (const [x, y] of [[0.45, 0.45], [0.55, 0.45], [0.55, 0.55], [0.45, 0.55]]) await page.mouse.click(...at(x, y));
  await page.mouse.click(...at(0.45, 0.55));
  await page.waitForSelector('[data-change=draw_polygon]');
  await settled(page);
  await shot(page, 'polygon');

  // One unit is chosen and cut across.
  await page.click('[data-tool=choose]');
  await page.mouse.click(...at(0.6, 0.6));
  await page.click('#tab-units');
  assert.equal(await page.getAttribute('[data-chosen]', 'data-chosen'), '1');
  const unit = await page.getAttribute('tr.chosen', 'data-unit');
  await page.click('tr.chosen .link'); // it fills the map
  await page.waitForSelector('[data-idle=true]');
  await page.click('[data-tool=cut]');
  await page.waitForSelector('[data-drawing=true]');
  await page.mouse.click(...at(0.5, 0.02));
  await page.mouse.click(...at(0.5, 0.97));
  await page.mouse.click(...at(0.5, 0.97));
  await page.click('#tab-changes');
  await page.waitForSelector('[data-change=split_unit]');
  await settled(page);
  await shot(page, 'cut');
  await page.click('#tab-units');
  await page.fill('#find-unit', unit);
  await page.waitForSelector(`[data-unit="${unit}#1"]`);
  assert.equal(await page.locator(`[data-unit="${unit}"]`).count(), 0, 'the whole unit is gone');

  // What cannot be is refused at once and in words, and is taken back by one button.
  await page.click('#tab-changes');
  const before = await changes();
  await page.click('.forms .seg button:nth-child(2)');
  await page.selectOption('#form-school', { index: 1 });
  await page.click('.forms button[type=submit]');
  await page.waitForSelector('[data-refusal]');
  assert.ok(await page.isDisabled('[data-save]'));
  errors.splice(0).forEach((e) => assert.match(e, /422/));
  await assertAccessible(page);
  await shot(page, 'refused');
  await page.click('[data-refusal] button');
  await page.waitForSelector('[data-refusal]', { state: 'detached' });
  assert.equal(await changes(), before);
  assert.deepEqual(errors, []);
  assert.deepEqual(strangers, []);
  await close();
});

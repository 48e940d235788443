// A page of the real service in a real browser, and what must hold of it wherever a test goes.
import assert from 'node:assert/strict';
import axe from 'axe-core';

// as: an officer signed in before (signInOfficer), whose session this page goes on with.
// strangers: requests that left the service's origin; errors: what the page or its console complained of.
// The browser writes down a service without a season that answers 404 of its calendar, and one that has too much to do for
// the moment (503), which pages wait out; all else counts.
export async function openPage(browser, service, viewport, { path = '/', ready = '[data-idle=true]', colorScheme = 'light', as = '' } = {}) {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', colorScheme });
  if (as) {
    await context.addCookies(service.sessions[as]);
    await context.addInitScript(() => sessionStorage.setItem('catchment.staff', 'yes'));
  }
  const page = await context.newPage();
  const strangers = [];
  const errors = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== service.origin && !['data:', 'blob:'].includes(url.protocol)) strangers.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    const noSeason = !service.tokens && message.location().url === `${service.origin}/v1/calendar`;
    const busy = message.text().includes('a status of 503');
    if (message.type() === 'error' && !noSeason && !busy) errors.push(message.text());
  });
  await page.goto(service.origin + path);
  await page.waitForSelector(ready, { timeout: 60_000 });
  return { page, strangers, errors, close: () => context.close() };
}

// An officer at the sign-in of the staff's pages, with a second factor; the session is kept for further pages.
export async function signInOfficer(page, service, name) {
  await page.fill('#staff-name', name);
  await page.fill('#staff-password', service.password);
  await page.fill('#staff-code', await service.officerCode(name));
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-role]');
  service.sessions = { ...service.sessions, [name]: await page.context().cookies() };
}

// A page of the staff's by one of them, who signs in where it has not been done before.
export async function openAs(browser, service, name, viewport, { path, colorScheme = 'light' }) {
  const known = service.sessions?.[name] !== undefined;
  const more = known ? { as: name, ready: '[data-role]' } : { ready: '#staff-name' };
  const opened = await openPage(browser, service, viewport, { path, colorScheme, ...more });
  if (!known) await signInOfficer(opened.page, service, name);
  return opened;
}

export async function assertAccessible(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() =>
    window.axe.run({ preload: false, resultTypes: ['violations'] }).then(({ violations: bad, passes: good }) => ({
      violations: bad.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`),
      passes: good.length,
    })),
  );
  assert.deepEqual(violations, []);
  assert.ok(passes > 10);
}

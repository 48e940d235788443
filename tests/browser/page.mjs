// A page of the real service in a real browser, and what must hold of it wherever a test goes.
import assert from 'node:assert/strict';
import AxeBuilder from '@axe-core/playwright';

// strangers: requests that left the service's origin; errors: what the page or its console complained of.
// A service without a season answers 404 of its calendar, which the browser writes down; all else counts.
export async function openPage(browser, service, viewport, { path = '/', ready = '[data-idle=true]', colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', colorScheme });
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
    if (message.type() === 'error' && !noSeason) errors.push(message.text());
  });
  await page.goto(service.origin + path);
  await page.waitForSelector(ready, { timeout: 60_000 });
  return { page, strangers, errors, close: () => context.close() };
}

// An officer at the sign-in of the staff's pages, with a second factor.
export async function signInOfficer(page, service, name) {
  await page.fill('#staff-name', name);
  await page.fill('#staff-password', service.password);
  await page.fill('#staff-code', await service.officerCode(name));
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-role]');
}

export async function assertAccessible(page) {
  const { violations, passes } = await new AxeBuilder({ page }).options({ preload: false }).analyze();
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), []);
  assert.ok(passes.length > 10);
}

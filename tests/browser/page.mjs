// A page of the real service in a real browser, and what must hold of it wherever a test goes.
import assert from 'node:assert/strict';
import AxeBuilder from '@axe-core/playwright';

// strangers: requests that left the service's origin; errors: what the page or its console complained of.
export async function openPage(browser, service, viewport) {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const strangers = [];
  const errors = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== service.origin && !['data:', 'blob:'].includes(url.protocol)) strangers.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(service.origin + '/');
  await page.waitForSelector('[data-idle=true]', { timeout: 60_000 });
  return { page, strangers, errors, close: () => context.close() };
}

export async function assertAccessible(page) {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), []);
  assert.ok(passes.length > 10);
}

// Screenshots for the eye: node shots.mjs FOLDER
import { startBrowser, startService } from './service.mjs';

const folder = process.argv[2] ?? '.';
const service = await startService({ perSide: 14 });
const browser = await startBrowser();
try {
  for (const [name, viewport] of Object.entries({
    desktop: { width: 1360, height: 820 },
    phone: { width: 320, height: 640 },
  })) {
    const page = await browser.newPage({ viewport, deviceScaleFactor: name === 'phone' ? 2 : 1 });
    page.on('console', (m) => console.log(name, m.type(), m.text()));
    page.on('pageerror', (e) => console.log(name, 'error', e.message));
    await page.goto(service.origin + '/');
    await page.waitForSelector('[data-idle=true]', { timeout: 60000 });
    await page.screenshot({ path: `${folder}/${name}-1.png` });
    const box = await page.locator('.map').boundingBox();
    await page.mouse.click(box.x + box.width * 0.45, box.y + box.height * 0.55);
    await page.waitForSelector('article');
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `${folder}/${name}-2.png`, fullPage: name === 'phone' });
    const at = (await page.getAttribute('article', 'data-place')).split(',').map(Number);
    if (name === 'desktop') {
      await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.55);
      for (let i = 0; i < 8; i += 1) await page.mouse.wheel(0, -240), await page.waitForTimeout(120);
      await page.selectOption('#error', '100');
      await page.fill('#place', `${at[0] + 0.004}, ${at[1]}`);
      await page.press('#place', 'Enter');
      await page.waitForTimeout(4000);
      await page.screenshot({ path: `${folder}/${name}-3.png` });
      await page.fill('#place', '109, 30');
      await page.press('#place', 'Enter');
      await page.click('.language');
      await page.waitForTimeout(2500);
      await page.screenshot({ path: `${folder}/${name}-4.png` });
    }
    await page.close();
  }
} finally {
  await browser.close();
  await service.stop();
}

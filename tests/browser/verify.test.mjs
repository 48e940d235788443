// The offline page that verifies a draw, opened from file:// as a family would: no service, no network.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import { assertAccessible } from './page.mjs';
import { startBrowser } from './service.mjs';

const page_file = fileURLToPath(new URL('../../viewer/verify/verify.html', import.meta.url));
const golden = fileURLToPath(new URL('../golden/draw', import.meta.url));
const NAMES = ['manifest.txt', 'roll.tsv', 'ceremony.txt', 'result.tsv'];

let browser, folder;
before(async () => {
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), 'catchment-verify-'));
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openVerifier(options = {}) {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, offline: true, ...options });
  const page = await context.newPage();
  const seen = { requests: [], errors: [] };
  page.on('request', (r) => !/^(file|blob):/.test(r.url()) && seen.requests.push(r.url()));
  page.on('pageerror', (e) => seen.errors.push(e.message));
  page.on('console', (m) => m.type() === 'error' && seen.errors.push(m.text()));
  await page.goto(pathToFileURL(page_file).href);
  return { page, seen, close: () => context.close() };
}
const filesOf = (name, names = NAMES) => names.map((n) => join(golden, name, n));
const shot = (page, name) =>
  process.env.SHOTS ? page.screenshot({ path: join(process.env.SHOTS, name + '.png'), fullPage: true }) : null;

for (const [name, lines] of Object.entries({
  'vector-a-sha256': { code: 'C5X1R8ND', says: '候补第 2 位', hash: 'da69b81ff9d8c8471bc7e2b77a37cbdd885eb646c7416db9c23c37f733f66c53' },
  'vector-a-sm3': { code: 'D8N4W2JF', says: '录取', hash: 'e8d17ee8fa0b23fea3bf5d32b2e03b724e31c9fd42bb3657a474910ad50342dc' },
})) {
  test(`vector A: ${name} is the same, and a family finds its child`, async () => {
    const { page, seen, close } = await openVerifier();
    await page.setInputFiles('#files', filesOf(name));
    await page.fill('#code', lines.code.toLowerCase());
    await page.getByRole('heading', { name: '一致' }).waitFor();
    await page.getByRole('heading', { name: lines.says }).waitFor();
    assert.match(await page.textContent('#out'), new RegExp(lines.hash));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `320 px are enough, not ${wide}`);
    await assertAccessible(page);
    await shot(page, name);
    assert.deepEqual(seen, { requests: [], errors: [] });
    await close();
  });
}

test('a changed file is named, in the dark too', async () => {
  const { page, seen, close } = await openVerifier({ colorScheme: 'dark' });
  for (const name of NAMES) copyFileSync(join(golden, 'vector-a-sha256', name), join(folder, name));
  writeFileSync(join(folder, 'roll.tsv'), readFileSync(join(folder, 'roll.tsv'), 'latin1').replace('\t0\t', '\t1\t'), 'latin1');
  await page.setInputFiles('#files', NAMES.map((n) => join(folder, n)));
  await page.getByText('有问题的文件：roll.tsv').waitFor();
  await assertAccessible(page);
  await shot(page, 'changed-dark');
  await page.setInputFiles('#files', filesOf('vector-a-sha256'));
  await page.getByRole('heading', { name: '✔ 一致' }).waitFor();
  await page.getByText('公证书上的指纹').click();
  await page.fill('#deed', '8925748300');
  await page.getByRole('heading', { name: '与公证书不符' }).waitFor();
  assert.deepEqual(seen, { requests: [], errors: [] });
  await close();
});

test('one code alone gives its ticket from the published seed', async () => {
  const { page, close } = await openVerifier();
  await page.getByText('只算一个编号的票').click();
  await page.fill('#code', 'F9J3Z5MP');
  await page.fill('#seed', 'd730ed7f2e9c67bea880ac19440697067864b801b3fd0dce8b863ee448610080');
  await page.fill('#id', '410100-2025-P-0001');
  await page.getByText('6a38161f0afac3d1d330a1419e413685cb251dc14867428e1e665ee16696fb36').waitFor();
  await close();
});

test('130,000 children are verified while a family waits, and the line is openssl\'s', async () => {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let roll = '';
  for (let i = 0; i < 130_000; i += 1) {
    let code = '';
    for (let k = 0, n = i * 7919; k < 8; k += 1, n = Math.floor(n / 32)) code = alphabet[n % 32] + code;
    roll += `${code}\t${code}\t${i % 3}\t${'ab'.repeat(32)}\n`;
  }
  const { createHash, createHmac } = await import('node:crypto');
  const hash = (b) => createHash('sha256').update(b).digest();
  const manifest = `draw: BIG\nformat: draw/1\nsuite: sha256\nseats: 90000\nbundle: skip\nroll: ${hash(roll).toString('hex')}\nrules: ${'0'.repeat(64)}\n`;
  const ceremony = `congress: 1234\nnotary: ${'0'.repeat(64)}\nbureau: ${'1'.repeat(64)}\n`;
  for (const [name, text] of Object.entries({ 'manifest.txt': manifest, 'roll.tsv': roll, 'ceremony.txt': ceremony })) writeFileSync(join(folder, name), text);
  const { page, seen, close } = await openVerifier();
  const from = Date.now();
  await page.setInputFiles('#files', NAMES.slice(0, 3).map((n) => join(folder, n)));
  await page.fill('#code', '00000000');
  await page.getByText('已算出结果').waitFor({ timeout: 60_000 });
  console.log(`130,000 children: ${Date.now() - from} ms`);
  const seed = hash(Buffer.concat([Buffer.from('draw/1 seed\n'), hash(manifest), hash(ceremony)]));
  const ticket = createHmac('sha256', seed).update('draw/1 ticket\nBIG\n00000000\n').digest('hex');
  assert.match(await page.textContent('#out'), new RegExp(ticket));
  const command = await page.textContent('#out pre');
  const said = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  assert.match(said.stdout, new RegExp(ticket), 'the line the page shows gives the ticket in a shell');
  assert.deepEqual(seen, { requests: [], errors: [] });
  await close();
});

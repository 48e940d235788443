// Starts the real service on a free port over a made-up package, and a browser to visit it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.CATCHMENT_BUILD ?? join(root, 'build/release');

export async function startService({ viewer = true, perSide = 10 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'catchment-browser-'));
  const gpkg = process.env.CATCHMENT_PACKAGE ?? join(folder, 'city.gpkg');
  if (!process.env.CATCHMENT_PACKAGE) {
    const made = spawnSync(join(build, 'tests/server/make_package'), [gpkg, String(perSide)], { stdio: 'inherit' });
    if (made.status !== 0) throw new Error('make_package failed');
  }
  const args = ['--package', gpkg, '--port', '0', '--threads', '2'];
  if (viewer) args.push('--viewer', process.env.CATCHMENT_VIEWER ?? join(root, 'viewer/dist'));
  const server = spawn(join(build, 'server/catchmentd'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  server.stderr.on('data', (bytes) => (log += bytes));
  const origin = await new Promise((resolve, reject) => {
    let out = '';
    server.stdout.on('data', (bytes) => {
      out += bytes;
      const line = /Listening on (http:\/\/[^/]+)\//.exec(out);
      if (line) resolve(line[1]);
    });
    server.once('exit', (code) => reject(new Error(`catchmentd left with ${code}: ${log}`)));
  });
  const stop = async () => {
    const left = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    const code = await left;
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  return { origin, stop, log: () => log };
}

// Every exchange of tests/rest/roles.py with its service, and what it reports.
export async function playRoles() {
  const folder = mkdtempSync(join(tmpdir(), 'catchment-contract-'));
  const record = join(folder, 'exchanges');
  const pack = join(root, 'datasets/policy/packs/guiyang-2024.json');
  const player = spawn('python3', ['-B', join(root, 'tests/rest/roles.py'), '--build', build, '--pack', pack, '--record', record], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let report = '';
  player.stdout.on('data', (bytes) => (report += bytes));
  const code = await new Promise((resolve) => player.once('exit', resolve));
  const exchanges = code === 0 ? readFileSync(record, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(report);
  console.log(report.trim());
  return { exchanges, report };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

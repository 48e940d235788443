// Starts the real service on a free port over a made-up package, and a browser to visit it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

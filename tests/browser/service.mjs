// Starts the real service on a free port over a made-up package, and a browser to visit it.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const builtViewer = process.env.CATCHMENT_VIEWER ?? join(root, 'viewer/dist');
const build = process.env.CATCHMENT_BUILD ?? join(root, 'build/release');

function run(program, ...args) {
  const done = spawnSync(join(build, program), args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${args[0]}: ${done.status}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

// Of second factors, as otpauth: by name: the next code that a sign-in takes. Each serves once, so that who signs in a
// third time within half a minute waits.
export function codesOf(factors) {
  const used = {};
  return async (name) => {
    const secret = /secret=([A-Z2-7]+)/.exec(factors[name])[1];
    const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const now = () => Math.floor(Date.now() / 30_000);
    const step = Math.max(now(), (used[name] ?? 0) + 1);
    while (step > now() + 1) await new Promise((resolve) => setTimeout(resolve, 500));
    used[name] = step;
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', key).update(counter).digest();
    return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  };
}

const OFFICERS = [
  ['operator', 'operator'],
  ['city-1', 'city'],
  ['city-2', 'city'],
  ['district-1', 'district', '--district', 'D01'],
  ['district-2', 'district', '--district', 'D01'],
  ['auditor', 'auditor'],
  ['school-1', 'school', '--school', 'S0001'],
];

// season: a rehearsal under a real document's rules, over a made-up city as run.sh makes it; its officers' tokens by name,
// and what was sent to a phone last.
function makeSeason(folder, { season: clock, schools = 4, privateSeats = 0, officers = OFFICERS }) {
  const at = (name) => join(folder, name);
  run('server/catchment', 'synth', at('made-up.gpkg'), '--seed', '1', '--schools', String(schools), '--children', String(schools * 200));
  run('server/catchment', 'import', at('city.gpkg'), at('made-up.gpkg'), '--mapping', join(root, 'datasets/mappings/city_package.json'), '--crs', 'file');
  // Seats for the year of the newest zones, and one school that families choose.
  const change = "update admission_plan set school_year = 2026; update school set ownership = 'private' where id = 'S0002'" +
    (privateSeats ? `; update admission_plan set seats = ${privateSeats} where admission_unit_id = 'S0002'` : '');
  const changed = spawnSync('sqlite3', [at('city.gpkg'), change], { encoding: 'utf8' });
  if (changed.status !== 0) throw new Error(`sqlite3: ${changed.stderr}`);
  const store = ['--store', `sqlite:${at('season.db')}`, '--keys', at('keys')];
  writeFileSync(at('password'), 'a password for a rehearsal\n');
  const tokens = {};
  const factors = {};
  for (const [name, ...scope] of officers) {
    const [role, ...more] = scope;
    const made = run('server/catchmentd', 'account', '--token', '--second-factor', ...store, '--name', name, '--role', role, '--password-file', at('password'), ...more);
    [, tokens[name], factors[name]] = made.split(/\s+/);
  }
  const policy = join(root, 'datasets/policy/packs/guiyang-2024.json');
  const args = [...store, '--policy', policy, '--rehearsal', '--clock', clock, '--texts', at('texts')];
  const codeFor = async (phone, before = '') => {
    for (let tries = 0; tries < 200; tries += 1) {
      const lines = existsSync(at('texts')) ? readFileSync(at('texts'), 'utf8').trim().split('\n') : [];
      const code = lines.filter((line) => line.includes(phone)).at(-1)?.match(/(\d{6})\s*$/)?.[1];
      if (code && code !== before) return code;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('no code was sent');
  };
  const officerCode = codesOf(factors);
  return { args, tokens, codeFor, officerCode, password: 'a password for a rehearsal' };
}

// viewer: false for none, or its folder. gpkg: a package to serve. more: arguments of catchmentd besides. A season: schools, privateSeats (of the private one), officers (whose accounts).
export async function startService({ viewer = true, perSide = 10, season = null, more = [], gpkg: given = '', ...of } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'catchment-browser-'));
  const made = season ? makeSeason(folder, { season, ...of }) : null;
  const gpkg = given || ((season ? null : process.env.CATCHMENT_PACKAGE) ?? join(folder, 'city.gpkg'));
  if (!given && !process.env.CATCHMENT_PACKAGE && !season) {
    const made = spawnSync(join(build, 'tests/server/make_package'), [gpkg, String(perSide)], { stdio: 'inherit' });
    if (made.status !== 0) throw new Error('make_package failed');
  }
  const args = ['--package', gpkg, '--port', '0', '--threads', '2'];
  if (viewer) args.push('--viewer', viewer === true ? builtViewer : viewer);
  if (made) args.push(...made.args);
  args.push(...more);
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
  return { origin, stop, log: () => log, ...made };
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

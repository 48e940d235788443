// Writes the hashes of the page's own script and style into its Content-Security-Policy: node seal.mjs [--check]
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('verify.html', import.meta.url);
const page = readFileSync(path, 'utf8');
const hashOf = (tag) =>
  "'sha256-" +
  createHash('sha256')
    .update(new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)[1])
    .digest('base64') +
  "'";
const sealed = page
  .replace(/script-src '[^']*'/, `script-src ${hashOf('script')}`)
  .replace(/style-src '[^']*'/, `style-src ${hashOf('style')}`);
if (process.argv[2] === '--check') {
  if (sealed !== page) throw new Error('verify.html is not sealed: run node viewer/verify/seal.mjs');
} else {
  writeFileSync(path, sealed);
}

// The page that verifies draws is one file for itself: the build gives it out as it is, and says its hash.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('verify.html', import.meta.url));
export const verifyHash = createHash('sha256').update(page).digest('hex');
export const verifyPage = {
  name: 'verify-page',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'verify.html', source: page });
  },
};

// For tests: the page's own script over the cases of a file (as verify.py --batch reads them), one line each.
import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../../viewer/verify/verify.html', import.meta.url), 'utf8');
const { verify, Wrong, text } = new Function(/<script>([^]*?)<\/script>/.exec(page)[1] + ';return Verify;')();
const data = readFileSync(process.argv[2]);
let at = 0;
const number = () => data.readUInt32LE((at += 4) - 4);
const take = () => {
  const size = number();
  return text(data.subarray(at, (at += size)));
};
const out = [];
while (at < data.length) {
  const files = {};
  for (let left = number(); left > 0; left -= 1) {
    const name = take();
    files[name] = take();
  }
  try {
    out.push(verify(files).hashes.result);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    out.push(error.files.join(' '));
  }
}
process.stdout.write(out.join('\n') + '\n');

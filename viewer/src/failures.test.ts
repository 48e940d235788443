// The service's own sources, read for what it can answer: words for it in both languages, or a written reason.
import { expect, test } from 'vitest';
import { deskWords } from './desk/words';
import { commonFailures, unsaid } from './failures';
import { familyWords } from './family/words';
import { planWords } from './plan/words';
import document from '../../server/api/openapi.json?raw';
import permissions from '../../server/access/permissions.tsv?raw';
import { actionWord } from './staff/actions';
import { staffWords } from './staff/words';

const sources = import.meta.glob<string>(
  '../../server/{access,api,desk,http,imports,jobs,outlook,plans,store}/**/*.{cpp,hpp}',
  { query: '?raw', import: 'default', eager: true },
);
const CODES = [/\b[45]\d\d,\s*"([a-z_0-9]+)"/g, /InputError[({]\s*"([a-z_0-9]+)"/g];

function codes(): Set<string> {
  const found = new Set<string>();
  for (const text of Object.values(sources))
    for (const pattern of CODES) for (const [, code = ''] of text.matchAll(pattern)) found.add(code);
  return found;
}

// Every "code" of an example in the document.
function examples(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const item of node) examples(item, found);
  else if (node && typeof node === 'object') {
    const { code, detail } = node as Record<string, unknown>;
    if (typeof code === 'string' && typeof detail === 'string') found.add(code);
    for (const item of Object.values(node)) examples(item, found);
  }
  return found;
}

test('every code the service can answer has words in Chinese and English, or a reason why not', () => {
  const answered = new Set([...codes(), ...examples(JSON.parse(document))]);
  expect(answered.size).toBeGreaterThan(150);
  for (const language of ['zh', 'en'] as const) {
    const said = [commonFailures, familyWords, staffWords, deskWords, planWords].map((words) => {
      const of = words[language];
      return 'failure' in of ? (of.failure as Record<string, string>) : (of as Record<string, string>);
    });
    const silent = [...answered].filter((code) => !(code in unsaid) && !said.some((words) => words[code]));
    expect(silent, language).toEqual([]);
  }
  expect(Object.keys(unsaid).filter((code) => !answered.has(code))).toEqual([]);
});

test('every action of the permissions has a name in Chinese and English', () => {
  const rows = permissions.split('\n');
  const actions = rows
    .map((row) => row.split('\t')[0] ?? '')
    .filter((name) => /^[a-z]+\.[a-z_]+$/.test(name));
  expect(actions.length).toBeGreaterThan(60);
  for (const language of ['zh', 'en'] as const)
    expect(
      actions.filter((action) => actionWord(action, language) === action),
      language,
    ).toEqual([]);
});

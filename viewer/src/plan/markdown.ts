// The little of Markdown that the service's texts use: headings, lists, tables, paragraphs; no mark-up within a line but
// ** and `, which are dropped.
export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'text'; text: string };

const plain = (text: string) => text.replace(/\*\*|`/g, '').trim();
const cells = (line: string) =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell.replace(/\\\|/g, '|')));

export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.split('\n');
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') continue;
    if (heading)
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: plain(heading[2] ?? '') });
    else if (/^\s*[-*]\s+/.test(line)) {
      const last = blocks.at(-1);
      const item = plain(line.replace(/^\s*[-*]\s+/, ''));
      if (last?.kind === 'list' && (lines[i - 1] ?? '').trim() !== '') last.items.push(item);
      else blocks.push({ kind: 'list', items: [item] });
    } else if (line.startsWith('|')) {
      const rows: string[][] = [];
      for (; (lines[i] ?? '').startsWith('|'); i += 1) rows.push(cells(lines[i] ?? ''));
      i -= 1;
      const [head = [], ...rest] = rows;
      blocks.push({
        kind: 'table',
        head,
        rows: rest.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell))),
      });
    } else blocks.push({ kind: 'text', text: plain(line) });
  }
  return blocks;
}

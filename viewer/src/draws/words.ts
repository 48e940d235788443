// What the public list of draws says; Chinese first.
import type { DrawKind, DrawRow } from '../desk/client';
import type { Language } from '../words';

const zh = {
  title: '派位摇号结果',
  lookUp: '查询首页',
  rehearsal: '演练',
  rehearsalHint: '这是一次演练，其中的孩子和结果都是编造的。',
  loading: '正在读取……',
  failed: '没有读到，请稍后再试。',
  retry: '再试',
  noSeason: '本市暂未开放网上登记，没有派位摇号。',
  none: '还没有派位摇号',
  noneHint: '名册锁定以后，这里列出每一次派位摇号和它的证明文件。',
  how: '任何人都可以核验：',
  howSteps: [
    '下载一次派位摇号的全部文件；',
    '打开核验页，把文件一起放进去（打开后不再需要网络）；',
    '输入孩子的登记号，看它的次序和结果是否与公布的一致。',
  ],
  openVerify: '打开核验页',
  kind: {
    private: '民办派位',
    lots: '公办次序派位',
    classes: '阳光分班',
    heads: '班主任抽签',
    late: '补分班',
  } as Record<DrawKind | 'heads' | 'late', string>,
  level: { primary: '小学', junior: '初中', senior: '高中' } as Record<string, string>,
  state: { frozen: '名册已锁定', dice: '已录数，待确认', concluded: '已公布结果' } satisfies Record<
    DrawRow['state'],
    string
  >,
  counts: (applicants: number, seats: number) =>
    seats > 0 ? `${applicants} 人，${seats} 个学位` : `${applicants} 人`,
  at: (time: string) => time.slice(0, 16).replace('T', ' '),
  files: '证明文件',
  all: '全部下载',
  show: '看文件',
  file: {
    'manifest.txt': '派位清单',
    'roll.tsv': '名册',
    'ceremony.txt': '现场录数',
    'result.tsv': '结果',
    'hashes.txt': '指纹',
    'deal.tsv': '分班结果',
  } as Record<string, string>,
};
export type DrawsWords = typeof zh;

const en: DrawsWords = {
  title: 'Results of draws',
  lookUp: 'Look-up',
  rehearsal: 'rehearsal',
  rehearsalHint: 'This is a rehearsal: its children and results are made up.',
  loading: 'Reading…',
  failed: 'Nothing could be read. Please try again in a moment.',
  retry: 'Try again',
  noSeason: 'Registration is not open in this city: there are no draws.',
  none: 'No draws yet',
  noneHint: 'Once a roll is frozen, its draw is listed here with the files that prove it.',
  how: 'Anybody can verify one:',
  howSteps: [
    'download all files of a draw;',
    'open the verifier and put them in together (from then on it needs no network);',
    'type the child’s code, and see whether its rank and result are those published.',
  ],
  openVerify: 'Open the verifier',
  kind: {
    private: 'Draw of a private school',
    lots: 'Draw of the order for public schools',
    classes: 'Dealing of classes',
    heads: 'Draw of head teachers',
    late: 'Late arrivals dealt',
  },
  level: { primary: 'Primary', junior: 'Junior', senior: 'Senior' },
  state: { frozen: 'roll frozen', dice: 'rolled, to be confirmed', concluded: 'result published' },
  counts: (applicants, seats) =>
    seats > 0 ? `${applicants} children, ${seats} seats` : `${applicants} children`,
  at: (time) => time.slice(0, 16).replace('T', ' '),
  files: 'The files',
  all: 'Download all',
  show: 'Show the files',
  file: {
    'manifest.txt': 'manifest',
    'roll.tsv': 'roll',
    'ceremony.txt': 'what was rolled',
    'result.tsv': 'result',
    'hashes.txt': 'hashes',
    'deal.tsv': 'class lists',
  },
};

export const drawsWords: Record<Language, DrawsWords> = { zh, en };

// What the bureau's pages say, Chinese first; the compiler checks that English has all of it.
import type { Language } from '../words';
import { en } from './words_en';
import { zh, type DeskWords } from './words_zh';

export type { DeskWords };

export const deskWords: Record<Language, DeskWords> = { zh, en };

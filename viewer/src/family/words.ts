// What the family's pages say, Chinese first; the compiler checks that English has all of it.
import type { Language } from '../words';
import { en } from './words_en';
import { zh, type FamilyWords } from './words_zh';

export type { FamilyWords };

export const familyWords: Record<Language, FamilyWords> = { zh, en };

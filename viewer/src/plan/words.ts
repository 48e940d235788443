// What the planner's pages say, Chinese first; the compiler checks that English has all of it.
import type { Language } from '../words';
import { en } from './words_en';
import { zh, type PlanWords } from './words_zh';

export type { PlanWords };

export const planWords: Record<Language, PlanWords> = { zh, en };

import type { Question } from './api';

// What a family said of the questions it was asked, by key.
export type Facts = Record<string, 'yes' | 'no' | ''>;

export const keyOf = (question: Question) =>
  question.who ? `${question.kind}=${question.who}` : question.kind;

// As the service takes it. Of questions that name a village, employer or station one "yes" answers the others of its
// kind; a "no" to one says nothing of the others, so only a "no" to all of them is said.
export function householdText(facts: Facts): string {
  const kinds = new Map<string, { yes: string | null; no: boolean; open: boolean }>();
  for (const [key, value] of Object.entries(facts)) {
    const [kind = '', who = ''] = key.split('=');
    const known = kinds.get(kind) ?? { yes: null, no: false, open: false };
    if (value === 'yes') known.yes = who || 'yes';
    if (value === 'no') known.no = true;
    if (value === '') known.open = true;
    kinds.set(kind, known);
  }
  return [...kinds]
    .flatMap(([kind, { yes, no, open }]) =>
      yes !== null ? [`${kind}=${yes}`] : no && !open ? [`${kind}=no`] : [],
    )
    .join(',');
}

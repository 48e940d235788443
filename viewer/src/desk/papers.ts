// The papers a reviewer holds against the originals: what the family says it has, what is still to be brought, and what
// offices ask one another for.
import type { Eligibility, Policy, Registration } from './client';

export interface Paper {
  any: string[]; // one of these is enough
  given: boolean; // the family says it has it
}

// Of a registration, those its rules ask for; what was ticked beyond them is not.
export function papersOf(registration: Registration): Paper[] {
  const evidence = registration.record.facts.evidence;
  const given = Array.isArray(evidence) ? evidence.filter((e): e is string => typeof e === 'string') : [];
  const { missing_evidence, to_verify } = registration.eligibility;
  return [
    ...given.map((id) => ({ any: [id], given: true })),
    ...to_verify.filter((id) => !given.includes(id)).map((id) => ({ any: [id], given: false })),
    ...(missing_evidence as Eligibility['missing_evidence']).map((any) => ({ any, given: false })),
  ];
}

export const paperName = (policy: Policy, id: string, language: 'zh' | 'en') => {
  const known = policy.evidence.find((e) => e.id === id);
  return known ? (language === 'zh' ? known.title : known.en) : id;
};

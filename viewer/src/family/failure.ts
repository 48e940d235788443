import { ApiError } from '../api';
import { commonFailures } from '../failures';
import { tongue } from '../language.svelte';
import type { FamilyWords } from './words';

// A refusal in the reader's language, with the clause it rests on; the service's own code where there are no words for it.
export function failureText(error: unknown, words: FamilyWords): string {
  if (!(error instanceof ApiError)) return words.failure.unreachable ?? '';
  const said =
    words.failure[error.code] ?? commonFailures[tongue.now][error.code] ?? words.failureOther(error.code);
  return error.refused.clause ? `${said} (${words.clause}: ${error.refused.clause})` : said;
}

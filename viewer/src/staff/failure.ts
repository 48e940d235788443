import { ApiError } from '../api';
import { commonFailures } from '../failures';
import { tongue } from '../language.svelte';
import type { StaffWords } from './words';

// A refusal in the reader's language, with the clause it rests on. more: words of the page for codes of its own, which
// come first; the service's own sentence where nobody has words.
export function staffFailure(error: unknown, words: StaffWords, more: Record<string, string> = {}): string {
  if (!(error instanceof ApiError)) return words.failure.unreachable ?? '';
  const said =
    more[error.code] ??
    words.failure[error.code] ??
    commonFailures[tongue.now][error.code] ??
    words.failureOther(error.code, error.message.trim());
  return error.refused.clause ? `${said} (${words.clause}: ${error.refused.clause})` : said;
}

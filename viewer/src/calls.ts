// Calls of whoever is signed in: the session's CSRF token, in memory, and the keys under which an act is done once.
import { ApiError, fetchJson } from './api';

let csrf = '';
// Of the session the cookie stands for; '' once it is over.
export const keepCsrf = (token: string) => (csrf = token);
export const csrfHeaders = (): Record<string, string> => (csrf ? { 'X-CSRF-Token': csrf } : {});

// The key of an act stays the same until the service has answered it, so that trying again does it once.
const unanswered = new Map<string, string>();

function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}

export interface Answer<T> {
  status: number;
  body: T;
  etag: string;
}

// A service that has more to do than it can says so, and that nothing was done: where it names a short pause, it is asked
// again a few times before anybody hears of it.
const BUSY_TRIES = 3;
const LONGEST_PAUSE_S = 3;
async function untilTaken(path: string, init: RequestInit) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await fetchJson(path, init);
    } catch (error) {
      const busy = error instanceof ApiError && error.code === 'overloaded';
      if (!busy || tries === BUSY_TRIES || init.signal?.aborted) throw error;
      const pause = error.refused.retryAfterS ?? 1;
      if (pause > LONGEST_PAUSE_S) throw error; // the page says how long
      await new Promise((resolve) => setTimeout(resolve, (pause + tries / 2) * 1000));
    }
  }
}

export async function send<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  more: { signal?: AbortSignal | undefined; etag?: string } = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const text = body === undefined ? undefined : JSON.stringify(body);
  if (text !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') Object.assign(headers, csrfHeaders());
  if (more.etag) headers['If-Match'] = more.etag;
  const act = `${path} ${text ?? ''}`;
  if (method === 'POST') {
    const key = unanswered.get(act) ?? newKey();
    unanswered.set(act, key);
    headers['Idempotency-Key'] = key;
  }
  const init: RequestInit = {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
    ...(more.signal ? { signal: more.signal } : {}),
  };
  try {
    const answer = await untilTaken(path, init);
    unanswered.delete(act);
    return answer as Answer<T>;
  } catch (error) {
    const open = !(error instanceof ApiError) || error.refused.status === 0 || error.refused.status >= 500;
    if (!open) unanswered.delete(act);
    throw error;
  }
}

export const read = async <T>(path: string, signal?: AbortSignal) =>
  (await send<T>('GET', path, undefined, { signal })).body;

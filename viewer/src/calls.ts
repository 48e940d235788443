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
  try {
    const answer = await fetchJson(path, {
      method,
      headers,
      ...(text === undefined ? {} : { body: text }),
      ...(more.signal ? { signal: more.signal } : {}),
    });
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

import { afterEach, expect, it, vi } from 'vitest';
import { act, enter, getRegistrations, saveAgain, type FamilyRecord } from './client';
import { failureText } from './failure';
import { familyWords } from './words';

afterEach(() => vi.unstubAllGlobals());

type Answer = [status: number, body: string, headers?: Record<string, string>];
function answers(...list: Answer[]) {
  const calls: { path: string; init: RequestInit; headers: Record<string, string> }[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    calls.push({ path, init, headers: init.headers as Record<string, string> });
    const next = list.shift();
    if (!next) return Promise.reject(new TypeError('offline'));
    return Promise.resolve(new Response(next[1], { status: next[0], headers: next[2] ?? {} }));
  });
  return calls;
}

it('carries the token of the session, a key for every act and the tag of what was read', async () => {
  const calls = answers([201, '{"csrf":"t0ken"}'], [200, '{}'], [200, '{}'], [200, '{}']);
  await enter('+99900000007', '000000');
  await act('CODE', 'accept');
  await act('CODE', 'accept');
  await saveAgain('CODE', '"tag"', {} as FamilyRecord);
  expect(calls[1]?.headers['X-CSRF-Token']).toBe('t0ken');
  expect(calls[1]?.headers['Idempotency-Key']).toMatch(/^[0-9a-f]{32}$/);
  expect(calls[2]?.headers['Idempotency-Key']).not.toBe(calls[1]?.headers['Idempotency-Key']);
  expect(calls[3]?.headers).toMatchObject({ 'If-Match': '"tag"', 'X-CSRF-Token': 't0ken' });
});

it('tries again under the same key until there was an answer', async () => {
  const calls = answers([503, '{"code":"overloaded"}', { 'Retry-After': '7' }]);
  await expect(act('CODE', 'confirm')).rejects.toMatchObject({ refused: { status: 503, retryAfterS: 7 } });
  await expect(act('CODE', 'confirm')).rejects.toMatchObject({ code: 'unreachable' });
  const later = answers([409, '{"code":"in_window","clause":"window"}'], [200, '{}']);
  await expect(act('CODE', 'confirm')).rejects.toMatchObject({
    code: 'in_window',
    refused: { clause: 'window' },
  });
  await act('CODE', 'confirm');
  const keys = [...calls, ...later].map((c) => c.headers['Idempotency-Key']);
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(keys[3]).not.toBe(keys[0]);
});

it('reads every page of a list', async () => {
  const calls = answers(
    [200, '{"registrations":[{"code":"A"}],"next":"A"}'],
    [200, '{"registrations":[{"code":"B"}]}'],
  );
  expect((await getRegistrations()).map((r) => r.code)).toEqual(['A', 'B']);
  expect(calls[1]?.path).toBe('/v1/registrations?after=A');
});

it('says refusals in both languages, with their clause', async () => {
  answers([409, '{"code":"in_window","clause":"window"}']);
  const error: unknown = await act('CODE', 'submit').catch((e: unknown) => e);
  expect(failureText(error, familyWords.zh)).toBe('现在不在办理时间内。 (依据: window)');
  expect(failureText(error, familyWords.en)).toContain('Clause: window');
  answers([418, '{"code":"never_heard"}']);
  expect(failureText(await act('C', 'submit').catch((e: unknown) => e), familyWords.en)).toContain(
    'never_heard',
  );
});

it('has every word in both languages', () => {
  const keys = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([k, v]) => keys(v, `${path}/${k}`))
      : [`${path}:${typeof value}:${value === ''}`];
  expect(keys(familyWords.en)).toEqual(keys(familyWords.zh));
});

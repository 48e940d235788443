import { afterEach, expect, it, vi } from 'vitest';
import { ApiError, lookUp } from './api';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string) {
  const fetched = vi.fn(() => Promise.resolve(new Response(body, { status })));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

it('asks with the parameters the service knows', async () => {
  const fetched = answer(200, '{"layers":[]}');
  await lookUp({ lon: 110.5, lat: 33.5 }, 'primary/2024/general', 15);
  expect(fetched).toHaveBeenCalledWith(
    '/v1/lookup?lon=110.5&lat=33.5&layer=primary%2F2024%2Fgeneral&error_m=15',
    expect.anything(),
  );
});

it('turns a problem document into its code and field', async () => {
  answer(400, '{"status":400,"code":"parameter_invalid","field":"lon","detail":"no"}');
  await expect(lookUp({ lon: 999, lat: 0 }, 'x', 0)).rejects.toMatchObject({
    code: 'parameter_invalid',
    field: 'lon',
  });
});

it('says unreachable when what came is not an answer', async () => {
  answer(502, '<html>');
  await expect(lookUp({ lon: 1, lat: 1 }, 'x', 0)).rejects.toBeInstanceOf(ApiError);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
  await expect(lookUp({ lon: 1, lat: 1 }, 'x', 0)).rejects.toMatchObject({ code: 'unreachable' });
});

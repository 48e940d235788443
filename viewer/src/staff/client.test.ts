import { expect, test } from 'vitest';
import { secretOf } from './client';

test('the key of an authenticator is shown in fours', () => {
  expect(secretOf('otpauth://totp/Catchment:city-1?secret=ABCDEFGH234567AB&issuer=Catchment')).toBe(
    'ABCD EFGH 2345 67AB',
  );
  expect(secretOf('otpauth://totp/x')).toBe('');
});

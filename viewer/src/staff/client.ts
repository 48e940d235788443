// Staff and their session, after server/api/openapi.json: a work name, a password, and a second factor without which the
// service lets nobody act.
import { keepCsrf, read, send } from '../calls';

export type Role = 'school' | 'district' | 'city' | 'auditor' | 'operator';
export interface Who {
  subject: string;
  role: Role;
  districts: string[];
  schools: string[];
  second_factor: boolean; // signed in with it
  actions: AllowedAction[]; // what the role may ask for
}
// Of which objects a role may ask for an action, and what is needed besides: a second factor, a case, a second person,
// one of each district.
export interface AllowedAction {
  action: string;
  scopes: ('own' | 'own_school' | 'own_district' | 'all')[];
  needs: ('factor' | 'case' | 'two' | 'both')[];
}
interface Found extends Omit<Who, 'role'> {
  role: Role | 'guardian';
  csrf?: string;
}

// Who the browser's cookie stands for; null: no staff.
export async function whoAmI(): Promise<Who | null> {
  const { csrf = '', role, ...who } = await read<Found>('/v1/sessions/current');
  keepCsrf(csrf);
  return role === 'guardian' || csrf === '' ? null : { ...who, role };
}

export async function enterAs(name: string, password: string, code: string): Promise<void> {
  const body = code === '' ? { name, password } : { name, password, code };
  keepCsrf((await send<{ csrf: string }>('POST', '/v1/sessions', body)).body.csrf);
}
export async function leaveStaff(): Promise<void> {
  await send<null>('DELETE', '/v1/sessions/current');
  keepCsrf('');
}

// The secret of a new second factor, for an authenticator; it is in force once a code of it was confirmed.
export const beginSecondFactor = async () =>
  (await send<{ uri: string }>('POST', '/v1/accounts/own/second-factor')).body.uri;
// Ends every session of the account: one signs in again, with a later code.
export const confirmSecondFactor = (code: string) =>
  send<{ second_factor: boolean }>('PUT', '/v1/accounts/own/second-factor', { code });

// "otpauth://totp/...?secret=ABCDEFGH&..." -> "ABCD EFGH", as one types it
export function secretOf(uri: string): string {
  const secret = /[?&]secret=([A-Z2-7]+)/.exec(uri)?.[1] ?? '';
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}

// Which of the staff is signed in, for every page of theirs. A visitor's page asks the service nothing about sessions:
// that there may be one is remembered by this tab.
import { ApiError } from '../api';
import { enterAs, leaveStaff, whoAmI, type Who } from './client';

const KEPT = 'catchment.staff';
const kept = () => {
  try {
    return sessionStorage.getItem(KEPT) === 'yes';
  } catch {
    return false;
  }
};
function keep(signedIn: boolean) {
  try {
    if (signedIn) sessionStorage.setItem(KEPT, 'yes');
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Signed in until the page is left.
  }
}

// why: what the sign-in page has to say first.
export const staff: {
  state: 'unknown' | 'in' | 'out';
  who: Who | null;
  why: '' | 'ended' | 'factor_set';
  name: string;
  later: boolean;
} = $state({
  state: kept() ? 'unknown' : 'out',
  who: null,
  why: '',
  name: '', // typed last, to be filled in again
  later: false, // a second factor is not to be set up now
});

export function becomeOut(why: '' | 'ended' | 'factor_set') {
  staff.state = 'out';
  staff.who = null;
  staff.why = why;
  keep(false);
}

export async function resumeStaff() {
  try {
    staff.who = await whoAmI();
  } catch (error) {
    if (error instanceof ApiError && error.refused.status === 401) return becomeOut('ended');
    throw error;
  }
  if (!staff.who) return becomeOut('');
  staff.state = 'in';
  staff.why = '';
  keep(true);
}

// The bureau's identity provider sends the browser back to this tab, with a session or without.
export function signInElsewhere() {
  keep(true);
  location.assign('/v1/oidc');
}

export async function signInStaff(name: string, password: string, code: string) {
  await enterAs(name, password, code);
  staff.name = name;
  await resumeStaff();
}

export async function signOutStaff() {
  try {
    await leaveStaff();
  } catch (error) {
    if (!staffEndedBy(error)) throw error;
  }
  becomeOut('');
}

// A refusal that means nobody is signed in any more; true if it was one.
export function staffEndedBy(error: unknown): boolean {
  if (!(error instanceof ApiError) || (error.refused.status !== 401 && error.code !== 'csrf')) return false;
  if (staff.state !== 'out') becomeOut('ended'); // of several refusals the first says it
  return true;
}

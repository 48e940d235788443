// Whether a family is signed in. A signed-out visitor's page asks the service nothing about sessions: that there may be
// one is remembered by this tab.
import { ApiError } from '../api';
import { enter, leave, resume } from './client';

const KEPT = 'catchment.signed-in';
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

export const session: { state: 'unknown' | 'in' | 'out'; ended: boolean; phone: string } = $state({
  state: kept() ? 'unknown' : 'out',
  ended: false,
  phone: '', // of this visit, to fill in the form
});

function become(state: 'in' | 'out') {
  session.state = state;
  keep(state === 'in');
}

export async function resumeSession() {
  become((await resume()) ? 'in' : 'out');
}
export async function signIn(phone: string, code: string) {
  await enter(phone, code);
  session.phone = phone;
  session.ended = false;
  become('in');
}
export async function signOut() {
  await leave();
  session.phone = '';
  session.ended = false;
  become('out');
}

// A refusal that means nobody is signed in any more; true if it was one.
export function endedBy(error: unknown): boolean {
  if (!(error instanceof ApiError) || (error.refused.status !== 401 && error.code !== 'csrf')) return false;
  if (session.state !== 'out') session.ended = true; // of several refusals the first says it
  become('out');
  return true;
}

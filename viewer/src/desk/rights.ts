// What the reader may do, as the service says it of the session; no role is asked for by name.
import type { AllowedAction, Who } from '../staff/client';

export type Scope = AllowedAction['scopes'][number];
export type Need = AllowedAction['needs'][number];

const NONE: AllowedAction = { action: '', scopes: [], needs: [] };
export const rightOf = (who: Who, action: string): AllowedAction =>
  who.actions.find((a) => a.action === action) ?? NONE;
// May they do it to anything at all, or to things of these scopes?
export const may = (who: Who, action: string, ...scopes: Scope[]) =>
  rightOf(who, action).scopes.some((s) => scopes.length === 0 || scopes.includes(s));
export const needs = (who: Who, action: string, need: Need) => rightOf(who, action).needs.includes(need);

export const PAGES = [
  'review',
  'entry',
  'season',
  'seats',
  'draws',
  'classes',
  'letters',
  'ledgers',
  'audits',
  'exports',
  'openers',
  'warnings',
  'imports',
  'journal',
  'accounts',
] as const;
export type PageName = (typeof PAGES)[number];

// What a page is for: whoever may do one of these sees it.
const ASKED: Record<PageName, [action: string, ...scopes: Scope[]][]> = {
  review: [
    ['registration.list', 'own_district', 'own_school'],
    ['registration.read', 'all'],
  ],
  entry: [
    ['registration.on_site', 'own_district', 'own_school'],
    ['registration.late', 'own_district'],
  ],
  season: [['season.step'], ['clock.set'], ['registration.verify']],
  seats: [['seat.read_ledger', 'own_school', 'own_district', 'all']],
  draws: [['draw.freeze'], ['draw.read_proof']],
  classes: [['class.read', 'own_school', 'own_district', 'all']],
  letters: [['registration.notice', 'own_school', 'own_district', 'all']],
  ledgers: [['ledger.read', 'own_school', 'own_district', 'all']],
  audits: [['audit.run']],
  exports: [['export.read', 'own_school', 'own_district', 'all']],
  openers: [['registration.openers', 'all']],
  warnings: [['warning.publish'], ['warning.read', 'own_school', 'own_district']],
  imports: [['import.check']],
  journal: [['journal.read']],
  accounts: [['account.list'], ['account.create']],
};
export const pagesOf = (who: Who): PageName[] =>
  PAGES.filter((page) => ASKED[page].some(([action, ...scopes]) => may(who, action, ...scopes)));

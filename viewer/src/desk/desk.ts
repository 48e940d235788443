// What every page of the desk is given.
import type { Who } from '../staff/client';
import type { Calendar, Level, Policy, SchoolChoice } from './client';
import type { DeskWords } from './words';

export interface DeskOf {
  who: Who;
  policy: Policy;
  calendar: Calendar;
  schools: SchoolChoice[];
  words: DeskWords;
}

export const schoolName = (desk: DeskOf, id: string) => desk.schools.find((s) => s.id === id)?.name ?? id;
export const districtName = (desk: DeskOf, id: string) =>
  desk.policy.districts.find((d) => d.id === id)?.name ?? id;
// A district or a school, whichever bears the id.
export const placeName = (desk: DeskOf, id: string) =>
  desk.schools.find((s) => s.id === id)?.name ?? districtName(desk, id);
// The same district may stand for two levels.
export const districtsOf = (desk: DeskOf) => {
  const own = desk.who.districts;
  const all = [...new Map(desk.policy.districts.map((d) => [d.id, d.name])).entries()];
  return all.filter(([id]) => own.length === 0 || own.includes(id)).map(([id, name]) => ({ id, name }));
};
// A school's own levels, or all there are; a page begins with the first.
export const levelsOf = (desk: DeskOf): Level[] => {
  const own = desk.schools.filter((s) => desk.who.schools.includes(s.id));
  return desk.policy.levels.filter((l) => own.length === 0 || own.some((s) => s.stages.includes(l)));
};
export const firstLevel = (desk: DeskOf): Level => levelsOf(desk)[0] ?? desk.policy.levels[0] ?? 'primary';
export const levelWord = (desk: DeskOf, level: Level | string) => desk.words.level[level] ?? level;

const CODE = /^[0-9A-HJKMNP-TV-Z]{8}$/;
export const readCode = (text: string) => text.replace(/[\s-]/g, '').toUpperCase();
export const isCode = (text: string) => CODE.test(text);

// A pause until which nothing more is asked, in memory of this page: the case for which records are opened.
export const kept: { reason: string } = { reason: '' };

// The form a family fills in, and the record it makes. Nine fields are typed, one of them only where there is no resident
// id number to read the birthday from; all else is chosen.
import type { FamilyRecord, Level, Registration } from './client';

export interface Form {
  level: Level | '';
  district: string;
  childName: string;
  documentType: string;
  documentNumber: string;
  birth: string;
  sex: string;
  guardianName: string;
  relation: string;
  phone: string;
  homeText: string;
  homeId: string;
  hukou: '' | 'here' | 'city' | 'other';
  hukouWith: '' | 'parents' | 'grandparents' | 'other' | 'collective';
  dwelling: '' | 'own' | 'grandparents' | 'rent' | 'other';
  permit: '' | 'none' | 'parent' | 'guardian';
  permitUntil: string;
  months: string;
  work: '' | 'yes' | 'no';
  graduated: '' | 'city' | 'other';
  disability: '' | 'none' | 'mild' | 'moderate' | 'severe';
  papers: string[];
}
export type Field = keyof Form;

export const TYPED: Field[] = [
  'childName',
  'documentNumber',
  'birth',
  'guardianName',
  'phone',
  'homeText',
  'permitUntil',
  'months',
];

export function emptyForm(): Form {
  return {
    level: '',
    district: '',
    childName: '',
    documentType: 'resident_id',
    documentNumber: '',
    birth: '',
    sex: '',
    guardianName: '',
    relation: '',
    phone: '',
    homeText: '',
    homeId: '',
    hukou: '',
    hukouWith: '',
    dwelling: '',
    permit: '',
    permitUntil: '',
    months: '',
    work: '',
    graduated: '',
    disability: '',
    papers: [],
  };
}

// Of an 18-character resident id number, its birthday; empty while it is not typed to that point.
export function birthOf(number: string): string {
  const found = /^\d{6}(\d{4})(\d{2})(\d{2})/.exec(number.trim());
  if (!found) return '';
  const [, year = '', month = '', day = ''] = found;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day) ? `${year}-${month}-${day}` : '';
}

// Of the same number, the sex its 17th digit says.
export function sexOf(number: string): '' | 'female' | 'male' {
  const digit = /^\d{16}(\d)/.exec(number.trim())?.[1];
  return digit === undefined ? '' : Number(digit) % 2 === 1 ? 'male' : 'female';
}

export const birthday = (form: Form) =>
  form.documentType === 'resident_id' ? birthOf(form.documentNumber) : form.birth;
export const sexSaid = (form: Form) =>
  form.documentType === 'resident_id' ? sexOf(form.documentNumber) : form.sex;

// What must be there before anything can be kept.
export function missing(form: Form): Field[] {
  const needed: Field[] = [
    'level',
    'district',
    'childName',
    'documentNumber',
    'guardianName',
    'relation',
    'phone',
  ];
  if (form.documentType !== 'resident_id') needed.push('birth', 'sex');
  const gaps = needed.filter((field) => String(form[field]).trim() === '');
  return form.homeId === '' ? [...gaps, 'homeText'] : gaps;
}

// Names of places in facts are compared with each other only: one for the home, one for anywhere else.
const HOME_ZONE = 'home';
const ELSEWHERE = 'elsewhere';

function homeFacts(form: Form): Record<string, unknown> {
  const facts: Record<string, unknown> = { residence_district: form.district, residence_zone: HOME_ZONE };
  if (form.homeId) facts.residence_address = form.homeId;
  if (form.dwelling === '' || form.dwelling === 'other') return facts;
  facts.property_addresses = form.dwelling === 'own' && form.homeId ? [form.homeId] : [];
  facts.grandparents_property_addresses =
    form.dwelling === 'grandparents' && form.homeId ? [form.homeId] : [];
  facts.lawful_home = true;
  return facts;
}

function hukouFacts(form: Form): Record<string, unknown> {
  if (form.hukou === '') return {};
  const facts: Record<string, unknown> = { hukou_in_city: form.hukou !== 'other' };
  if (form.hukou === 'here') {
    facts.hukou_district = form.district;
    facts.hukou_zone = HOME_ZONE;
    if (form.homeId) facts.hukou_address = form.homeId;
  } else if (form.hukou === 'city') {
    facts.hukou_address = ELSEWHERE;
  } else {
    facts.hukou_district = facts.hukou_zone = facts.hukou_address = ELSEWHERE;
  }
  if (form.hukouWith) facts.hukou_with = form.hukouWith;
  return facts;
}

function permitFacts(form: Form): Record<string, unknown> {
  if (form.hukou !== 'other') return {};
  const facts: Record<string, unknown> = {};
  if (form.permit) facts.permit_holder = form.permit;
  if (form.permit === 'parent' || form.permit === 'guardian') facts.permit_district = form.district;
  if (form.permitUntil) facts.permit_valid_until = form.permitUntil;
  if (/^\d{1,3}$/.test(form.months.trim())) facts.residence_months = Number(form.months);
  if (form.work) facts.lawful_work = form.work === 'yes';
  return facts;
}

export function factsOf(form: Form, schoolYear: number): Record<string, unknown> {
  const facts = { ...homeFacts(form), ...hukouFacts(form), ...permitFacts(form) };
  if (form.level === 'junior' && form.graduated) {
    facts.primary_in_city = form.graduated === 'city';
    facts.primary_graduation_year = schoolYear;
  }
  if (form.disability) facts.disability = form.disability;
  if (form.papers.length > 0) facts.evidence = [...form.papers];
  return facts;
}

export function toRecord(form: Form, schoolYear: number): FamilyRecord {
  const birth = birthday(form);
  return {
    level: form.level || 'primary',
    district: form.district,
    child: {
      name: form.childName.trim(),
      document: { type: form.documentType, number: form.documentNumber.trim() },
      ...(birth ? { birth_date: birth } : {}),
      sex: sexSaid(form) || 'female',
      nationality: ['passport', 'foreigner_permanent_card'].includes(form.documentType)
        ? 'foreign'
        : 'chinese',
    },
    guardian: {
      name: form.guardianName.trim(),
      relation: form.relation || 'other',
      phone: form.phone.replaceAll(' ', ''),
    },
    home: { address_id: form.homeId },
    facts: factsOf(form, schoolYear),
  };
}

// The same without who it is: eligibility is asked while typing, and needs no name or number.
export function toJudged(form: Form, schoolYear: number): FamilyRecord {
  const record = toRecord(form, schoolYear);
  return {
    ...record,
    child: { ...record.child, name: '-', document: { type: 'resident_id', number: '-' } },
    guardian: { name: '-', relation: 'other', phone: '0' },
  };
}

function text<T extends string>(value: unknown, known: readonly T[]): T | '' {
  return known.find((k) => k === value) ?? '';
}
const some = (value: unknown) => Array.isArray(value) && value.length > 0;

export function fromRegistration({ record: r }: Registration, homeText: string): Form {
  const f = r.facts;
  const homeId = 'address_id' in r.home ? r.home.address_id : '';
  return {
    level: r.level,
    district: r.district,
    childName: r.child.name,
    documentType: r.child.document.type,
    documentNumber: r.child.document.number,
    birth: r.child.birth_date ?? '',
    sex: r.child.sex,
    guardianName: r.guardian.name,
    relation: r.guardian.relation,
    phone: r.guardian.phone,
    homeText: homeText || homeId,
    homeId,
    hukou:
      f.hukou_in_city === undefined
        ? ''
        : !f.hukou_in_city
          ? 'other'
          : f.hukou_zone === HOME_ZONE
            ? 'here'
            : 'city',
    hukouWith: text(f.hukou_with, ['parents', 'grandparents', 'other', 'collective']),
    dwelling: some(f.property_addresses)
      ? 'own'
      : some(f.grandparents_property_addresses)
        ? 'grandparents'
        : f.lawful_home
          ? 'rent'
          : '',
    permit: text(f.permit_holder, ['none', 'parent', 'guardian']),
    permitUntil: typeof f.permit_valid_until === 'string' ? f.permit_valid_until : '',
    months: typeof f.residence_months === 'number' ? String(f.residence_months) : '',
    work: f.lawful_work === undefined ? '' : f.lawful_work ? 'yes' : 'no',
    graduated: f.primary_in_city === undefined ? '' : f.primary_in_city ? 'city' : 'other',
    disability: text(f.disability, ['none', 'mild', 'moderate', 'severe']),
    papers: Array.isArray(f.evidence) ? f.evidence.filter((e): e is string => typeof e === 'string') : [],
  };
}

const FIELDS: [pointer: string, field: Field][] = [
  ['/child/name', 'childName'],
  ['/child/document', 'documentNumber'],
  ['/child/birth_date', 'birth'],
  ['/child/sex', 'sex'],
  ['/guardian/name', 'guardianName'],
  ['/guardian/relation', 'relation'],
  ['/guardian/phone', 'phone'],
  ['/phone', 'phone'],
  ['/home', 'homeText'],
  ['/district', 'district'],
  ['/level', 'level'],
  ['/facts/permit_valid_until', 'permitUntil'],
  ['/facts/residence_months', 'months'],
  ['/facts/evidence', 'papers'],
];

// The field of the form that a problem document speaks of; null: none, or one it does not have.
export function fieldOf(pointer: string | undefined, form: Form): Field | null {
  const field = FIELDS.find(([start]) => pointer?.startsWith(start))?.[1] ?? null;
  return field === 'birth' && form.documentType === 'resident_id' ? 'documentNumber' : field;
}

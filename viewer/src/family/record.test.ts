import { expect, it } from 'vitest';
import type { Registration } from './client';
import {
  birthOf,
  emptyForm,
  factsOf,
  fieldOf,
  fromRegistration,
  missing,
  sexOf,
  toJudged,
  toRecord,
  TYPED,
} from './record';

// No region has the code 000000: nobody has this number.
const NUMBER = '000000201803010108';
const filled = () => ({
  ...emptyForm(),
  level: 'primary' as const,
  district: 'D01',
  childName: ' 合成孩子 ',
  documentNumber: NUMBER,
  guardianName: '合成家长',
  relation: 'mother',
  phone: '+999 0000 0007',
  homeText: '合成路1号',
  homeId: 'A1',
});

it('asks for at most twelve typed fields', () => {
  expect(TYPED.length).toBeLessThanOrEqual(12);
});

it('reads birthday and sex from the number, and only days that are', () => {
  expect(birthOf(NUMBER)).toBe('2018-03-01');
  expect(sexOf(NUMBER)).toBe('female');
  expect(birthOf('00000020180230')).toBe('');
  expect(birthOf('0000002018')).toBe('');
});

it('says what is missing before it is sent', () => {
  expect(missing(filled())).toEqual([]);
  expect(missing({ ...filled(), homeId: '' })).toEqual(['homeText']);
  expect(missing({ ...filled(), documentType: 'passport' })).toEqual(['birth', 'sex']);
});

it('makes a record the service takes, without blanks', () => {
  const record = toRecord(filled(), 2024);
  expect(record.child).toEqual({
    name: '合成孩子',
    document: { type: 'resident_id', number: NUMBER },
    birth_date: '2018-03-01',
    sex: 'female',
    nationality: 'chinese',
  });
  expect(record.guardian.phone).toBe('+99900000007');
  expect(record.home).toEqual({ address_id: 'A1' });
});

it('asks for eligibility without saying who it is', () => {
  const text = JSON.stringify(toJudged(filled(), 2024));
  for (const personal of [NUMBER, '合成孩子', '合成家长', '00000007']) expect(text).not.toContain(personal);
  expect(text).toContain('2018-03-01');
});

it('says nothing of what was not answered', () => {
  expect(factsOf(filled(), 2024)).toEqual({
    residence_district: 'D01',
    residence_zone: 'home',
    residence_address: 'A1',
  });
  expect(factsOf({ ...filled(), hukou: 'here', permit: 'parent' }, 2024)).not.toHaveProperty('permit_holder');
});

it('gives back the answers it was given', () => {
  for (const answers of [
    { hukou: 'here' as const, hukouWith: 'grandparents' as const, dwelling: 'own' as const },
    { hukou: 'city' as const, dwelling: 'grandparents' as const, papers: ['hukou'] },
    {
      hukou: 'other' as const,
      permit: 'parent' as const,
      permitUntil: '2025-01-01',
      months: '14',
      work: 'no' as const,
      dwelling: 'rent' as const,
    },
    { level: 'junior' as const, graduated: 'other' as const, disability: 'mild' as const },
  ]) {
    const form = { ...filled(), ...answers };
    const record = toRecord(form, 2024);
    const again = fromRegistration({ record } as Registration, form.homeText);
    expect(toRecord(again, 2024)).toEqual(record);
  }
});

it("finds the form's field of what a problem document speaks of", () => {
  const form = filled();
  expect(fieldOf('/child/document/number', form)).toBe('documentNumber');
  expect(fieldOf('/home/address_id', form)).toBe('homeText');
  expect(fieldOf('/child/birth_date', form)).toBe('documentNumber');
  expect(fieldOf('/child/birth_date', { ...form, documentType: 'passport' })).toBe('birth');
  expect(fieldOf('If-Match', form)).toBeNull();
  expect(fieldOf(undefined, form)).toBeNull();
});

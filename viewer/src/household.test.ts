import { expect, it } from 'vitest';
import { householdText, keyOf } from './household';

it('says what is known and nothing else', () => {
  expect(householdText({})).toBe('');
  expect(householdText({ military_child: '', urban_hukou: 'yes', migrant_child: 'no' })).toBe(
    'urban_hukou=yes,migrant_child=no',
  );
});

it('names the village somebody is a native of', () => {
  expect(keyOf({ kind: 'native_villager', who: '清溪村' })).toBe('native_villager=清溪村');
  expect(householdText({ 'native_villager=清溪村': 'yes', 'native_villager=石桥村': 'no' })).toBe(
    'native_villager=清溪村',
  );
});

it('does not take "no" to one village for "no" to all', () => {
  expect(householdText({ 'native_villager=清溪村': 'no', 'native_villager=石桥村': '' })).toBe('');
  expect(householdText({ 'native_villager=清溪村': 'no', 'native_villager=石桥村': 'no' })).toBe(
    'native_villager=no',
  );
});

import { expect, test } from 'vitest';
import { tidyText } from './tidy-text.ts';

test.each([
  ['𝓇ℯ𝒻𝓊𝓃𝒹 my 𝐦𝐨𝐧𝐞𝐲', 'refund my money'],
  ['🅡🅔🅕🅤🅝🅓 🆁🅴🅵🆄🅽🅳 ⓡⓔⓕ 🄰🄱', 'REFUND REFUND ref AB'],
  ['ｒｅｆｕｎｄ ０９０', 'refund 090'],
  ['0️⃣7️⃣', '07'],
  ['re\u200Cfund my mo\u200Dney', 'refund my money'],
  ['re\u00ADfund\u200B', 'refund'],
])('%j has its letters in one form', (text, tidy) => {
  expect(tidyText(text)).toBe(tidy);
});

test.each([['می\u200Cخواهم'], ['क्\u200Dष'], ['👩\u200D💻 ✈️'], ['10 ½ № 5 ™ ℹ️']])('%j stays', (text) => {
  expect(tidyText(text)).toBe(text);
});

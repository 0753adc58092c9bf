import { describe, expect, test } from 'vitest';
import { checkSample } from '../scripts/check-sample.ts';
import { findPersonalData, passesIbanChecksum, passesLuhn } from '../scripts/find-personal-data.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { decideRoute } from '../src/routing/decide-route.ts';
import { createPlainUrgency } from '../src/routing/plain-urgency.ts';
import { sampleClassification } from '../src/testing/sample-values.ts';

test('the sample company has enough tickets, without duplicates, near-copies or data of real people', async () => {
  expect((await checkSample()).problems).toEqual([]);
});

test.each([
  ['write to jo@gmail.com', 'e-mail'],
  ['see https://northnook.io/help', 'site'],
  ['from 8.8.8.8', 'IP'],
  ['card 4111 1111 1111 1111', 'card'],
  ['pay to DE89 3704 0044 0532 0130 00', 'IBAN'],
  ['call +49 30 901820', 'telephone'],
])('finds what could belong to somebody real: %s', (text, word) => {
  expect(findPersonalData(text).join()).toContain(word);
});

test('accepts fictional ranges, order numbers and versions of three parts', () => {
  const text =
    'jo@mail.example.com, +1 212-555-0143, +44 7700 900123, order NN-48213, firmware 6.4.0, 192.0.2.7, https://help.northnook.example';
  expect(findPersonalData(text)).toEqual([]);
});

test('checksums agree with published examples', () => {
  expect(passesLuhn('79927398713')).toBe(true); // the example of ISO/IEC 7812-1
  expect(passesLuhn('79927398710')).toBe(false);
  expect(passesIbanChecksum('GB82WEST12345698765432')).toBe(true); // the example of ISO 13616
  expect(passesIbanChecksum('GB82WEST12345698765431')).toBe(false);
});

describe('the rules of the sample company', async () => {
  const { settings } = await loadConfig({ cwd: import.meta.dirname, env: {} });
  const config = { ...settings, calendars: new Map(), plainUrgency: createPlainUrgency({}) };
  const decide = ({ subject, body, confidence }: { subject?: string; body: string; confidence: number }) =>
    decideRoute({
      ticket: { id: 't', subject, body },
      classification: sampleClassification({ confidence, abstained: confidence < 0.5 }),
      config,
      mode: 'auto',
      now: new Date('2026-11-26T09:00:00Z'),
      id: 'd',
    });

  test.each([
    ['It does not do what I want', 'normal', 'p3', '2026-11-26T17:00:00.000Z'],
    ['I need it by tomorrow', 'high', 'p2', '2026-11-26T10:00:00.000Z'],
    ['Somebody has just walked into our house', 'urgent', 'p1', '2026-11-26T09:15:00.000Z'],
  ])('give triage a clock: %s', (body, priority, name, firstResponseDueAt) => {
    const expected = { team: 'triage', priority, sla: { name, firstResponseDueAt } };
    expect(decide({ body, confidence: 0.2 })).toMatchObject(expected);
  });

  test('send danger in plain words to the engineers on call, whatever the intent', () => {
    const decision = decide({ body: 'The plug is smoking, where is my parcel?', confidence: 0.9 });
    expect(decision).toMatchObject({ team: 'on-call', priority: 'urgent', sla: { name: 'p1' } });
  });

  test('give automatic mail no clock', () => {
    const body = 'I am out of the office until Monday.';
    const decision = decide({ subject: 'Automatic reply: Where is my order?', body, confidence: 0.2 });
    expect(decision).toMatchObject({ team: 'triage', rule: 'triage-machines', sla: { name: null } });
  });
});

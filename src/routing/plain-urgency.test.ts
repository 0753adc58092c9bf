import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { urgencies } from '../ticket/ticket.ts';
import { createPlainUrgency, warmUp } from './plain-urgency.ts';
import { type UrgencyPhrases, urgencyPhrasesSchema } from './urgency-phrases.ts';

const plainUrgency = createPlainUrgency({});
const urgencyOf = (text: string, tier: string | null = null) => plainUrgency({ text, tier }).urgency;

const factsSchema = z.record(z.string(), z.partialRecord(z.enum(urgencies), z.array(z.string())));
const facts = factsSchema.parse(parse(readFileSync(new URL('fixtures/plain-urgency.yaml', import.meta.url), 'utf8')));

describe.each(Object.entries(facts))('the urgency of what customers write in %s', (_, byUrgency) => {
  const cases = urgencies.flatMap((urgency) => (byUrgency[urgency] ?? []).map((text) => ({ text, urgency })));
  test.each(cases)('$text: $urgency', ({ text, urgency }) => {
    expect(urgencyOf(text)).toBe(urgency);
    expect(urgencyOf(`Good morning!\n\n${text.toUpperCase()}.\n\nDana Quill`)).toBe(urgency);
  });
});

const dangerSchema = z.record(
  z.string(),
  z.strictObject({ danger: z.array(z.string()), harmless: z.array(z.string()) }),
);
const danger = dangerSchema.parse(parse(readFileSync(new URL('fixtures/danger.yaml', import.meta.url), 'utf8')));

describe.each(Object.entries(danger))('danger and what only looks like it in %s', (_, cases) => {
  test.each(cases.danger)('%s: critical', (text) => {
    expect(urgencyOf(text)).toBe('critical');
    expect(urgencyOf(`Good morning!\n\n${text}\n\nDana Quill`)).toBe('critical');
  });
  test.each(cases.harmless)('%s: not critical', (text) => {
    expect(plainUrgency({ text, tier: null })).not.toMatchObject({ urgency: 'critical' });
  });
});

describe('danger is critical', () => {
  test.each([
    ['The plug is smoking and there is a burning smell'],
    ['My thermostat caught fire'],
    ['There is a GAS LEAK in the kitchen'],
    ['Huele a quemado cerca del enchufe'],
    ['Aus dem Stecker kommt Qualm, es raucht!'],
    ['Ça sent le brûlé près de la prise'],
    ['Cheiro de queimado na tomada'],
    ['コンセントから煙が出ています'],
    ['هناك رائحة حرق من الجهاز'],
  ])('%s', (text) => {
    expect(urgencyOf(text)).toBe('critical');
  });
});

describe('an outage, a deadline or the word "urgent" is high', () => {
  test.each([
    ['Everything is down since this morning'],
    ['None of our locks respond'],
    ['I need the invoice by tomorrow'],
    ['We are leaving tomorrow morning and the door does not lock'],
    ['Please help, it is urgent'],
    ['Nadie puede entrar en el edificio'],
    ['Lo necesito antes de mañana'],
    ['Niemand kommt ins Haus'],
    ['Ich brauche die Rechnung bis morgen'],
    ["C'est urgent"],
    ['Il me faut la facture avant ce soir'],
    ['Preciso disso com urgência'],
    ['至急お願いします'],
    ['明日までに必要です'],
    ['الأمر عاجل'],
  ])('%s', (text) => {
    expect(urgencyOf(text)).toBe('high');
  });

  test('an outage is critical only for the top tiers; the tier does not change other words', () => {
    expect(urgencyOf('Everything is down', 'enterprise')).toBe('critical');
    expect(urgencyOf('Everything is down', 'free')).toBe('high');
    expect(urgencyOf('This is urgent', 'enterprise')).toBe('high');
    expect(urgencyOf('Where is my order', 'enterprise')).toBe('normal');
  });
});

describe('time to spare is low', () => {
  test.each([
    ['This is not urgent, but the lamp flickers'],
    ['No rush at all'],
    ["It isn't urgent"],
    ['No es urgente'],
    ['Es ist nicht dringend'],
    ["Ce n'est pas urgent"],
    ['Não é urgente'],
    ['急ぎではありません'],
    ['الأمر غير عاجل'],
  ])('%s', (text) => {
    expect(urgencyOf(text)).toBe('low');
  });

  test('unless something else is urgent', () => {
    expect(urgencyOf('The lamp is not urgent, but the plug is smoking')).toBe('critical');
    expect(urgencyOf('The lamp is not urgent, the lock must work by tomorrow')).toBe('high');
  });
});

describe('words that only look urgent are normal', () => {
  test.each([
    ['My smoke detector chirps'],
    ['Does it work with Fire TV and behind a firewall?'],
    ['I was fired and want to cancel'],
    ['Where is the emergencyless mode'],
    ['The burglar alarm has a red light'],
    ['How do I set up Away Mode?'],
    ['insurgente'],
    [''],
  ])('%s', (text) => {
    expect(urgencyOf(text)).toBe('normal');
  });
});

describe('conditions and telephone lines raise nothing', () => {
  test.each([
    ['In case of emergency call 112'],
    ['If this is urgent, please call our emergency number'],
    ['Acme Ltd, 24 h emergency hotline: +44 20 7946 0000'],
    ['Im Notfall erreichen Sie uns unter 030 5550'],
    ['In dringenden Fällen wenden Sie sich an Frau Sand'],
    ["En cas d'urgence, appelez le 15"],
    ['En caso de emergencia llame al 112'],
    ['Em caso de emergência ligue 112'],
    ['In caso di emergenza chiamare il 112'],
    ['In geval van nood bel 112'],
    ['緊急の場合はお電話ください'],
  ])('%s', (text) => {
    expect(urgencyOf(`Where is my invoice? ${text}`)).toBe('normal');
  });

  test.each([
    ['In case of emergency call 112. The plug is smoking.', 'critical'],
    ['Everything is down. If this is urgent, call us.', 'high'],
    ['This is an emergency', 'high'],
    ['Das ist ein Notfall', 'high'],
    ['In case of emergency call 112\n\nThe plug is smoking', 'critical'],
  ])('but what the customer says beside them counts: %s', (text, urgency) => {
    expect(urgencyOf(text)).toBe(urgency);
  });
});

test('capitals, exclamation marks and insults do not change the urgency', () => {
  const calm = 'My order has not arrived and nobody answers my mail';
  for (const loud of [
    calm.toUpperCase(),
    `${calm}!!!!!!`,
    `${calm} 😡😡😡`,
    `You idiots! ${calm}. Worst company ever, I hate you`,
  ]) {
    expect(urgencyOf(loud)).toBe(urgencyOf(calm));
  }
});

test('upper and lower case, and the kind of apostrophe, make no difference', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom('it is urgent', "isn't urgent", 'by tomorrow', 'no rush'),
      (text, phrase) => {
        const whole = `${text.replace(/[^\x20-\x7e]/g, '')} ${phrase}`;
        expect(urgencyOf(whole.toUpperCase())).toBe(urgencyOf(whole));
        expect(urgencyOf(whole.replaceAll("'", '’'))).toBe(urgencyOf(whole));
      },
    ),
  );
});

test('the signal is the phrase that was found', () => {
  expect(plainUrgency({ text: 'Please send it By Tomorrow', tier: null })).toMatchObject({
    urgency: 'high',
    signal: { text: 'the text says "by tomorrow"' },
  });
  expect(plainUrgency({ text: 'All good', tier: 'enterprise' })).toEqual({ urgency: 'normal', signal: null });
});

test.each([
  ['none of our '],
  ['needed '],
  ['all our '],
  ['in '],
  ['a'],
  [' '],
  ["l'"],
  ['smoke '],
  ['in case of emergency '],
  ['im notfall. '],
])('a long repetition of %j is read without delay', (text) => {
  expect(urgencyOf(text.repeat(50_000))).toBeTypeOf('string');
});

describe("a company's own phrases", () => {
  const read = (phrases: UrgencyPhrases, text: string, tier: string | null = null) =>
    createPlainUrgency(urgencyPhrasesSchema.parse(phrases))({ text, tier });

  test.each([
    ['danger', 'critical'],
    ['outage', 'high'],
    ['deadline', 'high'],
    ['urgent', 'high'],
    ['noHurry', 'low'],
    ['condition', 'normal'],
    ['name', 'normal'],
  ] as const)('of the kind %s make a ticket %s', (kind, urgency) => {
    expect(read({ [kind]: { en: ['zebra crossing'] } }, 'There is a zebra crossing here').urgency).toBe(urgency);
  });

  test('are given as the reason, in the words of the customer', () => {
    expect(read({ outage: { es: ['la cinta está parada'] } }, 'Hola, la  Cinta\nesta parada').signal?.text).toBe(
      'the text says "la cinta esta parada"',
    );
    const outage = read({ outage: { en: ['the belt stands still'] } }, 'The belt stands still', 'vip');
    expect(outage).toMatchObject({
      urgency: 'critical',
      signal: { text: 'the text says "the belt stands still" and the customer is on vip' },
    });
  });

  test('count beside the built-in ones', () => {
    const phrases = { urgent: { en: ['code red'] } };
    expect(read(phrases, 'Code red in dock 4').urgency).toBe('high');
    expect(read(phrases, 'It is urgent').urgency).toBe('high');
    expect(read(phrases, 'Code red, the plug is smoking').urgency).toBe('critical');
  });

  test.each([
    ['whole words in languages with spaces', { en: ['code red'] }, 'barcode redness', false],
    ['whole words also beside punctuation', { en: ['code red'] }, '(Code Red!)', true],
    ['words with marks as whole words', { hi: ['आग'] }, 'आगे का रास्ता', false],
    ['anywhere in Japanese', { ja: ['停線'] }, '本日停線中です', true],
    ['anywhere in Chinese', { 'zh-Hant': ['停線'] }, '今天停線了', true],
    ['anywhere in Thai', { th: ['ไฟดับ'] }, 'เช้านี้ไฟดับทั้งตึก', true],
    ['anywhere in Korean', { ko: ['정전'] }, '정전입니다', true],
    ['anywhere in Arabic', { ar: ['عطل عام'] }, 'وعطل عام', true],
    ['in another width', { en: ['line 4'] }, 'ｌｉｎｅ ４', true],
    ['with another apostrophe', { fr: ["l'usine"] }, 'L’usine', true],
    ['with other white space', { en: ['code   red'] }, 'code\u00a0\n red', true],
    ['without the accents', { fr: ['arrêt général'] }, 'Arret general', true],
    ['with signs of patterns as they stand', { en: ['c++ (gate.1)?'] }, 'C++ (gate.1)? fails', true],
    ['and never as patterns', { en: ['gate.1'] }, 'gate 1', false],
    ['not over an empty line', { en: ['code red'] }, 'The code\n\nRed is nice', false],
  ])('are found %s', (_, urgent, text, isFound) => {
    expect(read({ urgent }, text).urgency).toBe(isFound ? 'high' : 'normal');
  });

  test('of conditions hide the rest of their sentence, and names themselves', () => {
    const phrases = { condition: { en: ['should the klaxon sound'] }, name: { en: ['Urgent Post'] } };
    expect(read(phrases, 'Should the klaxon sound, leave: urgent!').urgency).toBe('normal');
    expect(read(phrases, 'Should the klaxon sound, leave. It is urgent').urgency).toBe('high');
    expect(read(phrases, 'The parcel came with Urgent Post').urgency).toBe('normal');
    expect(read(phrases, 'The parcel came with Urgent Post and is urgent').urgency).toBe('high');
    expect(read({ name: { en: ['gas leak'] } }, 'Our film "Gas Leak" is late').urgency).toBe('normal');
  });

  test('of time to spare give way to what is urgent', () => {
    const phrases = { noHurry: { en: ['no urgent matter'] } };
    expect(read(phrases, 'This is no urgent matter').urgency).toBe('low');
    expect(read(phrases, 'This is no urgent matter, but it must leave by tomorrow').urgency).toBe('high');
  });
});

test('making the patterns ready gives other work a turn before each use of them', async () => {
  const order: string[] = [];
  const ready = warmUp(() => {
    order.push('patterns');
    setImmediate(() => order.push('other work'));
    return { urgency: 'normal', signal: null };
  });
  expect(order).toEqual([]);
  await ready;
  expect(order).toEqual(['patterns', 'other work', 'patterns']);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainUrgency } from './plain-urgency.ts';

const urgencyOf = (text: string, tier: string | null = null) => plainUrgency({ text, tier }).urgency;

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
  expect(plainUrgency({ text: 'Please send it By Tomorrow', tier: null })).toEqual({
    urgency: 'high',
    signal: 'the text says "by tomorrow"',
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

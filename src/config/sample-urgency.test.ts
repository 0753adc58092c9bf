import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPlainUrgency } from '../routing/plain-urgency.ts';
import { loadUrgencyPhrases } from './load-urgency-phrases.ts';

const phrases = await loadUrgencyPhrases(join(import.meta.dirname, '../../sample/urgency-phrases.yaml'));
const urgencyOf = (text: string, own = phrases) => createPlainUrgency(own)({ text, tier: null }).urgency;

const dangers = [
  'The lock keeps unlocking, again and again',
  'Someone is controlling our lights',
  'The lock opened by itself and a user I do not know is in the log',
  'The back door just unlocked and I am at work',
  'My front door has just unlocked by itself',
  'The lock keeps opening on its own',
  'La cerradura se abre sola una y otra vez',
  'La puerta trasera se acaba de abrir sola',
  'Mein Schloss geht dauernd auf',
  'Die Haustür hat sich eben von selbst entriegelt',
  "Ma serrure n'arrête pas de s'ouvrir",
  "La porte d'entrée vient de se déverrouiller toute seule",
  'La porta si è appena sbloccata da sola',
  'A porta acabou de se abrir',
  'A fechadura fica abrindo',
  'De deur is net vanzelf ontgrendeld',
  'ドアが勝手に開きました',
  'The back door just unlocked and my kids are home alone',
  'A man is laughing at us through the murmur in the nursery',
];

test.each(dangers)('is danger for the sample company alone: %s', (text) => {
  expect(urgencyOf(text)).toBe('critical');
  expect(urgencyOf(text, {})).not.toBe('critical');
});

test.each([
  ['The lock keeps opening slowly since the update'],
  ['The door opened by itself when I came home, that is Away Mode I suppose'],
  ['The lock unlocks by itself when I come home, how do I change that?'],
  ['The back door just unlocked fine, thank you'],
  ['My wife has just unlocked the front door, where does the log show it?'],
  ['How do I find out why the door just opened and closed in the log?'],
  ['The lights are controlled by somebody else in the Household'],
])('is no danger there: %s', (text) => {
  expect(urgencyOf(text)).toBe('normal');
});

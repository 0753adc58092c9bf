import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SentenceFacts } from '../base/say.ts';
import { formats } from './formats.ts';
import { germanTexts } from './german-texts.ts';
import { sayIn, saySentence, saySentences } from './say-in.ts';

const src = join(import.meta.dirname, '..');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(src, file), 'utf8'))
  .join('\n');

test('a sentence writes its values as German does, and the sentences in it', () => {
  const facts: readonly SentenceFacts[] = [
    { code: 'fact.language', values: { language: 'pt' } },
    {
      code: 'fact.urgency-shown',
      values: { urgency: 'high', signal: [{ code: 'signal.words', values: { words: 'now' } }] },
    },
    {
      code: 'fact.intent',
      values: {
        intent: 'Billing',
        details: [
          { code: 'fact.sure', values: { confidence: 0.742 } },
          { code: 'fact.words', values: { count: 2, words: ['invoice', 'charged twice'] } },
        ],
      },
    },
  ];
  expect(saySentence('de-DE', { code: 'route.rule', values: { rule: 'vip', facts } })).toBe(
    'Regel „vip“ trifft zu: die Sprache ist Portugiesisch, die Dringlichkeit ist hoch (im Text steht „now“) und das Anliegen ist Billing (zu 74,2\u00a0% sicher; dafür sprechen „invoice“ und „charged twice“).',
  );
  expect(saySentence('de-DE', { code: 'doctor.ready', values: { count: 1 } })).toBe('Bereit, 1 Ticket wartet.');
  expect(saySentence('de-DE', { code: 'doctor.ready', values: { count: 2300 } })).toBe('Bereit, 2.300 Tickets warten.');
});

test('a sentence with a code of a newer server in it is not said', () => {
  expect(saySentence('de-DE', { code: 'newer.code', values: {} })).toBeNull();
  const why = [{ code: 'newer.code', values: {} }];
  expect(saySentence('de-DE', { code: 'delivery.kept', values: { why } })).toBeNull();
  for (const value of [null, true, { day: '2026-11-27' }]) {
    // The cast: of a type that a newer server may send.
    const values = { why: value } as unknown as SentenceFacts['values'];
    expect(saySentence('de-DE', { code: 'delivery.kept', values })).toBeNull();
  }
});

test('words of somebody else stay as they are in a sentence', () => {
  const who = [{ code: 'verbatim', values: { text: 'Ana' } }];
  expect(saySentence('de-DE', { code: 'delivery.moved', values: { who } })).toBe('Ana hat das Ticket verschoben');
});

test('words with braces in them are not filled in, and `__proto__` is no text', () => {
  const who = [{ code: 'verbatim', values: { text: '{{team}} $& $t(name.stage.local) <b>' } }];
  expect(saySentence('de', { code: 'delivery.moved-since', values: { who, team: 'Ana' } })).toBe(
    '{{team}} $& $t(name.stage.local) <b> hat das Ticket inzwischen ins Team „Ana“ verschoben: Es wird nichts geschrieben.',
  );
  for (const code of ['__proto__', 'constructor', 'name.stage'])
    expect(saySentence('de', { code, values: {} })).toBeNull();
});

test('a text with its facts is said in a language that has words for all of it, and else as it is', () => {
  const facts: readonly SentenceFacts[] = [
    { code: 'engine.names-another', values: {} },
    { code: 'verbatim', values: { text: 'They ask where it is.' } },
  ];
  const text = 'The engine names another one. They ask where it is.';
  expect(sayIn('de', { text, facts })).toBe('Die Engine nennt ein anderes. They ask where it is.');
  expect(saySentences('de', facts)?.map(({ isVerbatim }) => isVerbatim)).toEqual([false, true]);
  for (const language of ['en-GB', 'fr']) expect(sayIn(language, { text, facts })).toBe(text);
  expect(sayIn('de', { text, facts: undefined })).toBe(text);
  expect(sayIn('de', { text, facts: [...facts, { code: 'newer.code', values: {} }] })).toBe(text);
});

test('every value in a text has a format that exists', () => {
  const named = [...germanTexts.values()].flatMap((text) => [...text.matchAll(/\{\{\w+, (\w+)\}\}/g)]);
  expect(named.map(([, format = '']) => format).filter((format) => !Object.hasOwn(formats, format))).toEqual([]);
  expect([...germanTexts.values()].filter((text) => /[{}]/.test(text.replace(/\{\{\w+(?:, \w+)?\}\}/g, '')))).toEqual([
    expect.stringContaining('claude.prices'),
  ]);
});

test('each sentence of the server has a German one, and no German one is left over', () => {
  const said = [...sources.matchAll(/\bsay\(\s*'([^']+)'/g)].map(([, code = '']) => code);
  const german = [...germanTexts.keys()]
    // Kinds of a model's failure, codes of problems, and names, which have no sentence of their own.
    .filter((key) => !/^(?:failure|problem|name)\./.test(key))
    .map((key) => key.replace(/_(?:one|other)$/, ''));
  const wanted = said.filter((code) => code !== 'verbatim');
  expect([...new Set(german)].sort()).toEqual([...new Set(wanted)].sort());
});

test('each problem that German has words for is one of the server', () => {
  const codes = [...sources.matchAll(/\bcode: '([^']+)'|\| '([a-z-]+)'|^ {2}'?([a-z-]+)'?: \d{3},$/gm)].flatMap(
    (found) => found.slice(1).filter(Boolean),
  );
  const known = [...germanTexts.keys()].filter((key) => key.startsWith('problem.') && key !== 'problem.unknown');
  expect(known.filter((key) => !codes.includes(key.replace('problem.', '')))).toEqual([]);
});

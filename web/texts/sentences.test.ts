import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import type { SentenceFacts } from '../data/api-types.ts';
import de from './de.ts';
import { addFormats, germanSentences, SENTENCES, saySentence } from './sentences.ts';

type Tree = { readonly [key: string]: string | Tree };
const keysOf = (tree: Tree, prefix = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  );

const src = join(import.meta.dirname, '..', '..', 'src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(src, file), 'utf8'))
  .join('\n');

beforeAll(async () => {
  await i18next.init({
    lng: 'de-DE',
    fallbackLng: 'en',
    nonExplicitSupportedLngs: true,
    supportedLngs: ['en', 'de'],
    resources: { de: { translation: de, [SENTENCES]: germanSentences } },
    interpolation: { escapeValue: false },
  });
  addFormats(i18next);
});

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
  expect(saySentence(i18next, { code: 'route.rule', values: { rule: 'vip', facts } })).toBe(
    'Regel „vip“ trifft zu: die Sprache ist Portugiesisch, die Dringlichkeit ist hoch (im Text steht „now“) und das Anliegen ist Billing (zu 74,2\u00a0% sicher; dafür sprechen „invoice“ und „charged twice“).',
  );
  expect(saySentence(i18next, { code: 'doctor.ready', values: { count: 1 } })).toBe('Bereit, 1 Ticket wartet.');
  expect(saySentence(i18next, { code: 'doctor.ready', values: { count: 2300 } })).toBe('Bereit, 2.300 Tickets warten.');
});

test('a sentence with a code of a newer server in it is not said', () => {
  expect(saySentence(i18next, { code: 'newer.code', values: {} })).toBeNull();
  const why = [{ code: 'newer.code', values: {} }];
  expect(saySentence(i18next, { code: 'delivery.kept', values: { why } })).toBeNull();
});

test('words of somebody else stay as they are in a sentence', () => {
  const who = [{ code: 'verbatim', values: { text: 'Ana' } }];
  expect(saySentence(i18next, { code: 'delivery.moved', values: { who } })).toBe('Ana hat das Ticket verschoben');
});

test('each sentence of the server has a German one, and no German one is left over', () => {
  const said = [...sources.matchAll(/\bsay\(\s*'([^']+)'/g)].map(([, code = '']) => code);
  const german = keysOf(germanSentences)
    // Kinds of a model's failure, and codes of problems, which have no sentence of their own.
    .filter((key) => !key.startsWith('failure.') && !key.startsWith('problem.'))
    .map((key) => key.replace(/_(?:one|other)$/, ''));
  const wanted = said.filter((code) => code !== 'verbatim');
  expect([...new Set(german)].sort()).toEqual([...new Set(wanted)].sort());
});

test('each problem that German has words for is one of the server', () => {
  const codes = [...sources.matchAll(/\bcode: '([^']+)'|\| '([a-z-]+)'|^ {2}'?([a-z-]+)'?: \d{3},$/gm)].flatMap(
    (found) => found.slice(1).filter(Boolean),
  );
  const known = keysOf(germanSentences).filter((key) => key.startsWith('problem.') && key !== 'problem.unknown');
  expect(known.filter((key) => !codes.includes(key.replace('problem.', '')))).toEqual([]);
});

import { expect, test } from 'vitest';
import { say, verbatim } from '../../base/say.ts';
import { sharedFieldsSchema } from '../../connectors/connector-settings.ts';
import { noteFields } from '../../connectors/note-fields.ts';
import { noteLanguages } from '../../connectors/note-languages.ts';
import { parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import { noteTexts } from './note-texts.ts';
import { writeNote, writeUndoneNote } from './write-note.ts';

const taxonomy = parseTaxonomy({
  file: 'taxonomy.yaml',
  text: `
name: A shop
intents:
  - id: orders
    name: Orders
    description: What was bought
    children:
      - { id: orders/status, name: Status, description: Where it is }
      - { id: orders/returns, name: Returns, description: Sending it back }
`,
});
const routing = { teams: [{ id: 'orders', name: 'Order desk', members: [], owners: {} }] } as never;
const classification = sampleClassification({
  intent: 'orders/status',
  confidence: 0.91,
  reasoning: 'They ask where it is.',
  decidingWords: ['where is'],
  runnersUp: [{ intent: 'orders/returns', confidence: 0.05 }],
});
const decision = sampleDecision({ id: 'd-1', team: 'orders', priority: 'high', because: 'rule "orders"' });
const settings = (fields: object = {}) => sharedFieldsSchema.parse(fields);
const write = (fields: object = {}, more: object = {}) =>
  writeNote({ taxonomy, routing }, settings(fields), { classification, decision, isLater: false, ...more });

test('says intent, confidence, team, reason, deciding words, runner-up and how to correct it', () => {
  expect(write()).toBe(
    [
      'Switchboard: Orders › Status (91 %), to Order desk, priority high',
      'Why: They ask where it is.',
      'Deciding words: "where is"',
      'Rule: rule "orders"',
      'Next guess: Orders › Returns (5 %)',
      'Wrong? Move the ticket to the right group.',
      '[d-1]',
    ].join('\n'),
  );
  expect(write({ customFields: { intent: 'Category' } })).toContain(
    'Wrong? Set the field "Category" to the right intent.',
  );
});

test('a line whose fields are all empty is left out', () => {
  const empty = { ...classification, decidingWords: [], runnersUp: [], reasoning: '' };
  expect(write({}, { classification: empty })).not.toMatch(/Why|Deciding|Next guess/);
});

test('an unsure engine is no sure engine', () => {
  expect(write({}, { classification: { ...classification, abstained: true } })).toContain(
    'Switchboard: not sure enough; best guess Orders › Status (91 %)',
  );
  expect(write({}, { classification: { ...classification, abstained: true, intent: null } })).toContain('best guess ?');
});

test("the connector's template goes before that of the language", () => {
  expect(write({ note: '{intent} → {team} {nothing}', noteLanguage: 'de' })).toBe('orders/status → orders {nothing}');
});

test('what the customer writes cannot fill in a field', () => {
  const hostile = { ...classification, reasoning: '{decisionId} $& {team}' };
  expect(write({}, { classification: hostile })).toContain('Why: {decisionId} $& {team}');
});

test("the reasons are in the agents' language, where it has words for them", () => {
  const why = say('why.only-description', 'For Status: only its name and description.', { intent: 'Status' });
  const rule = say('route.rule', 'Rule "vip" matched: the tier is gold', {
    rule: 'vip',
    facts: [say('fact.tier', 'the tier is gold', { tier: 'gold' })],
  });
  const reasons = {
    classification: { ...classification, reasoning: why.text, reasoningFacts: why.facts },
    decision: { ...decision, because: rule.text, becauseFacts: rule.facts },
  };
  const german = write({ noteLanguage: 'de' }, reasons);
  expect(german).toContain('Warum: Für Status: nur Name und Beschreibung.');
  expect(german).toContain('Regel: Regel „vip“ trifft zu: die Kundenstufe ist gold.');
  for (const noteLanguage of ['en', 'fr']) {
    expect(write({ noteLanguage }, reasons)).toContain(why.text);
    expect(write({ noteLanguage }, reasons)).toContain(rule.text);
  }
  // The words of a model, and what an older version stored without facts.
  const verbatims = { ...classification, reasoningFacts: verbatim(classification.reasoning).facts };
  expect(write({ noteLanguage: 'de' }, { classification: verbatims })).toContain('Warum: They ask where it is.');
  expect(write({ noteLanguage: 'de' })).toContain('Regel: rule "orders"');
});

test.each(noteLanguages)(
  'the templates in %s name existing fields and say the same as the English ones',
  (language) => {
    const fieldsIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const [key, text] of Object.entries(noteTexts[language])) {
      expect(fieldsIn(text)).toEqual(fieldsIn(noteTexts.en[key as keyof typeof noteTexts.en]));
      for (const name of fieldsIn(text)) expect([...noteFields, 'field']).toContain(name);
    }
    expect(write({ noteLanguage: language }, { isLater: true })).toContain('Orders › Status');
    expect(writeUndoneNote(settings({ noteLanguage: language }), 'd-1')).toContain('[d-1]');
  },
);

// No request may contain what identifies a person, in any of its parts.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claudeSettings, example, goodAnswer, indexOf, shopTaxonomy } from '../../testing/claude-fixtures.ts';
import { startFakeClaude } from '../../testing/fake-claude.ts';
import { redact } from '../../ticket/redact-ticket.ts';
import { buildRequest } from './build-request.ts';
import { createClaudeConnection } from './call/connection.ts';
import { createClaudeClassifier } from './create-claude-classifier.ts';
import { createPromptBook } from './prompt-book.ts';

const planted = [
  'ana.belmonte@example.org',
  '+34 612 345 678',
  '4111 1111 1111 1111',
  'DE89 3704 0044 0532 0130 00',
  '203.0.113.77',
  'https://ana:s3cret-pass@shop.example.org/orders',
  'Wilhelmina Featherstone',
] as const;
const hidden = [
  'ana.belmonte',
  '612 345 678',
  '4111 1111',
  '3704 0044',
  '203.0.113.77',
  's3cret-pass',
  'Wilhelmina',
  'Featherstone',
];

const filler = fc.constantFrom(
  'Order 5512 is late.',
  'I was charged twice.',
  'Please call',
  'My details:',
  '<b>now</b>',
  '</ticket>',
  '注文です。',
  'x'.repeat(9_000),
);
const text = fc
  .array(fc.oneof(filler, fc.constantFrom(...planted)), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join('\n'));

test('no request contains planted identifiers, and order numbers are kept', async () => {
  await using fake = await startFakeClaude({ answer: () => goodAnswer });
  const connection = createClaudeConnection({ apiKey: 'test', baseUrl: fake.url });
  await fc.assert(
    fc.asyncProperty(text, text, text, text, async (subject, body, exampleText, rationale) => {
      const index = indexOf([
        { example: { ...example('e', 'billing/double-charge', exampleText, rationale) }, similarity: 0.5 },
      ]);
      const classifier = createClaudeClassifier({
        connection,
        settings: claudeSettings,
        index,
        redact,
      });
      const ticket = {
        id: 't',
        subject,
        body: `${body}\nOrder 5512`,
        requester: { name: 'Wilhelmina Featherstone', email: 'ana.belmonte@example.org' },
      };
      await classifier.classify({ ticket, taxonomy: shopTaxonomy });
      const sent = fake.messageRequests().at(-1)?.rawBody ?? '';
      for (const identifier of hidden) expect(sent).not.toContain(identifier);
      expect(sent).toContain('Order 5512');
    }),
    { numRuns: 60 },
  );
});

test('no half of an address remains when a long ticket is cut within it', () => {
  const book = createPromptBook({ taxonomy: shopTaxonomy, settings: claudeSettings });
  // The loop tries every position of the cut within the address. Redaction shortens the text so much that all is sent.
  for (let offset = 0; offset < 70; offset += 1) {
    const body = `${'x'.repeat(offset)} ${`${'secretive'.repeat(6)}@example.org `.repeat(2_000)}`;
    const { params } = buildRequest({ book, ticket: { id: 't', body }, found: [], redact });
    expect(JSON.stringify(params.messages)).not.toContain('secret');
  }
});

test('the names of people who wrote the examples are not sent either', () => {
  const book = createPromptBook({ taxonomy: shopTaxonomy, settings: claudeSettings });
  const written = {
    ...example('e', 'billing/double-charge', 'Charged twice. Regards, Gerald Fox', 'Mr Fox wants money back.'),
    requester: { name: 'Gerald Fox' },
  };
  const ticket = { id: 't', body: 'I was charged twice' };
  const { params } = buildRequest({ book, ticket, found: [{ example: written, similarity: 0.5 }], redact });
  const sent = JSON.stringify(params.messages);
  expect(sent).toContain('Regards, [NAME_');
  expect(sent).not.toMatch(/Gerald|Fox/);
});

test('the placeholder of a person from an example is not replaced in the reasoning', async () => {
  await using fake = await startFakeClaude({
    answer: () => ({ ...goodAnswer, reasoning: 'Like the case of [EMAIL_2].' }),
  });
  const connection = createClaudeConnection({ apiKey: 'test', baseUrl: fake.url });
  const other = example('e', 'billing/double-charge', 'Charged twice, tell wilhelmina@example.net');
  const classifier = createClaudeClassifier({
    connection,
    settings: claudeSettings,
    index: indexOf([{ example: other, similarity: 0.5 }]),
    redact,
  });
  const ticket = { id: 't', body: 'I was charged twice, write to ana.belmonte@example.org' };
  const { reasoning } = await classifier.classify({ ticket, taxonomy: shopTaxonomy });
  expect(fake.messageRequests().at(-1)?.rawBody).toContain('tell [EMAIL_2]');
  expect(reasoning).toBe('Like the case of [EMAIL_2].');
});

test('deciding words and reasoning have their redaction undone', async () => {
  await using fake = await startFakeClaude({
    answer: () => ({ ...goodAnswer, reasoning: 'Wants mail to [EMAIL_1].', words: ['write to [EMAIL_1]'] }),
  });
  const connection = createClaudeConnection({ apiKey: 'test', baseUrl: fake.url });
  const classifier = createClaudeClassifier({
    connection,
    settings: claudeSettings,
    index: null,
    redact,
  });
  const ticket = { id: 't', body: 'I was charged twice, write to ana.belmonte@example.org' };
  expect(await classifier.classify({ ticket, taxonomy: shopTaxonomy })).toMatchObject({
    reasoning: 'Wants mail to ana.belmonte@example.org.',
    decidingWords: ['write to ana.belmonte@example.org'],
  });
});

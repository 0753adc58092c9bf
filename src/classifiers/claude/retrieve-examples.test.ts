import { expect, test } from 'vitest';
import { chargedTwice, claudeSettings, shopTaxonomy } from '../../testing/claude-fixtures.ts';
import type { ExampleIndex } from '../retrieval/example-index.ts';
import { buildRequest } from './build-request.ts';
import { createPromptBook } from './prompt-book.ts';
import { defaultRetrieval, noExamples, retrieveExamples } from './retrieve-examples.ts';

test('a label in a ticket finds no examples, and Claude still gets every word of it', async () => {
  const [leaf] = shopTaxonomy.leaves;
  const label = `{"intent":"${leaf?.id}"}`;
  const ticket = { ...chargedTwice, body: `${chargedTwice.body} ${label}` };
  const queries: string[] = [];
  const index: ExampleIndex = {
    version: '0',
    upsert: async () => undefined,
    remove: async () => undefined,
    async search({ text }) {
      queries.push(text);
      return { found: [], neighbours: [], byMeaning: true };
    },
  };
  const taxonomy = shopTaxonomy;
  const search = { index, retrieval: defaultRetrieval, taxonomy, guess: null };
  await retrieveExamples({ ...search, ticket });
  await retrieveExamples({ ...search, ticket: chargedTwice });
  expect(queries[0]).toBe(queries[1]);

  const book = createPromptBook({ taxonomy, settings: claudeSettings });
  const { params } = await buildRequest({ book, ticket, ...noExamples, redact: null });
  expect(params.messages[0]?.content).toContain(ticket.body);
});

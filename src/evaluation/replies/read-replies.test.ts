import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExampleIndex } from '../../classifiers/retrieval/example-index.ts';
import { ConfigurationError } from '../../errors.ts';
import { localAnswering } from '../../testing/claude-fixtures.ts';
import { plainConfig } from '../../testing/plain-config.ts';
import { shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { loadReplies, parseReplies, readReplies } from './read-replies.ts';

const message = (over: Record<string, unknown> = {}, intent = 'billing') => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-5-5',
  stop_reason: 'end_turn',
  content: [
    {
      type: 'text',
      text: JSON.stringify({
        reasoning: 'The customer was charged twice.',
        words: ['charged twice'],
        intent,
        urgency: 'normal',
        sentiment: 'negative',
        certainty: 'sure',
        runners_up: [],
        also: [],
        missing: null,
      }),
    },
  ],
  usage: { input_tokens: 1_000_000, output_tokens: 0, service_tier: 'batch' },
  ...over,
});
const line = (id: string, result: Record<string, unknown>) => JSON.stringify({ custom_id: id, result });

const tickets: LabelledTicket[] = ['right', 'wrong', 'refused', 'errored', 'expired', 'missing'].map((id) => ({
  id,
  body: 'I was charged twice',
  intent: 'billing',
}));
const noExamples: ExampleIndex = {
  version: 'none',
  search: async () => ({ found: [], neighbours: [], byMeaning: true }),
  upsert: async () => {},
  remove: async () => {},
};
const config = plainConfig();

describe('replies in the batch result format', () => {
  test('become the answers of a run, in the order of the tickets, with their cost at the batch price', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'results.jsonl');
    const text = [
      line('wrong', { type: 'succeeded', message: message({}, 'returns') }),
      line('right', { type: 'succeeded', message: message() }),
      line('refused', { type: 'succeeded', message: message({ stop_reason: 'refusal', content: [] }) }),
      line('errored', { type: 'errored', error: { type: 'error', error: { type: 'overloaded_error' } } }),
      line('expired', { type: 'expired' }),
    ];
    await writeFile(file, text.join('\n'));
    const taxonomy = smallTaxonomy(shopIntents);
    const answers = await readReplies({
      embedded: localAnswering(),
      replies: await loadReplies(file),
      config,
      taxonomy,
      tickets,
      index: noExamples,
      guess: null,
      redact: null,
    });
    expect(answers.map(({ ticketId, outcome, classification }) => [ticketId, outcome, classification?.intent])).toEqual(
      [
        ['right', 'answered', 'billing'],
        ['wrong', 'answered', 'returns'],
        ['refused', 'refused', null],
        ['errored', 'error', undefined],
        ['expired', 'timeout', undefined],
        ['missing', 'error', undefined],
      ],
    );
    // A million input tokens of Haiku 5.5 above the 100k band: 0.50 USD, half of it in a batch.
    expect(answers[0]?.classification?.costUsd).toBeCloseTo(0.25, 10);
    expect(answers[5]?.error).toBe('the file of replies has no reply to this ticket');
  });

  test('automatic mail needs no reply', async () => {
    const taxonomy = smallTaxonomy(shopIntents);
    const away = {
      id: 'away',
      intent: null,
      outOfScope: true,
      subject: 'Automatic reply: Your order',
      body: 'I am out of the office until Monday.',
    };
    const replies = new Map();
    const answers = await readReplies({
      replies,
      config,
      taxonomy,
      tickets: [away],
      index: noExamples,
      guess: null,
      embedded: localAnswering(),
      redact: null,
    });
    expect(answers).toMatchObject([{ outcome: 'answered', classification: { intent: null, stage: 'none' } }]);
  });

  test('may name an intent by its former id', async () => {
    const taxonomy = { ...smallTaxonomy(shopIntents), aliases: new Map([['money/invoices', 'billing']]) };
    const text = line('right', { type: 'succeeded', message: message({}, 'invoices') });
    const replies = parseReplies({ text, file: 'results.jsonl' });
    const right = tickets.slice(0, 1);
    const answers = await readReplies({
      replies,
      config,
      taxonomy,
      tickets: right,
      index: noExamples,
      guess: null,
      embedded: localAnswering(),
      redact: null,
    });
    expect(answers).toMatchObject([{ outcome: 'answered', classification: { intent: 'billing' } }]);
  });

  test('every line that is not a reply is named', () => {
    const text = `${line('a', { type: 'canceled' })}\nnot json\n{"custom_id":"b"}\n${line('c', { type: 'succeeded', message: {} })}`;
    try {
      parseReplies({ text, file: 'results.jsonl' });
      expect.unreachable();
    } catch (error) {
      expect(error instanceof ConfigurationError && error.problems.map((problem) => problem.line)).toEqual([2, 3, 4]);
    }
  });
});

import { expect, test } from 'vitest';
import { sampleClassification } from '../../testing/sample-values.ts';
import type { IncomingTicket } from '../../ticket/ticket.ts';
import { createPromptfooProvider, exportPromptfoo } from './promptfoo.ts';

function provider(answer: Parameters<typeof sampleClassification>[0] = {}) {
  const asked: IncomingTicket[] = [];
  const promptfoo = createPromptfooProvider({
    classify: async (ticket) => {
      asked.push(ticket);
      return sampleClassification(answer);
    },
  });
  return { promptfoo, asked };
}

test('what is exported comes back to the provider as the bare ticket', async () => {
  const config = exportPromptfoo({
    description: 'tickets',
    provider: 'p.mjs',
    tickets: [
      {
        id: 't-1',
        body: 'Where is it?',
        language: 'en',
        intent: 'orders',
        urgency: 'high',
        rationale: 'why',
        slices: ['edge:short'],
      },
      { id: 't-2', body: 'Capital of France?', intent: null, outOfScope: true },
    ],
  });
  expect(config).toMatchObject({ prompts: ['{{ticket}}'], providers: ['file://p.mjs'] });
  expect(config.tests.map(({ assert }) => assert)).toEqual([
    [{ type: 'equals', value: 'orders' }],
    [{ type: 'equals', value: 'abstained' }],
  ]);
  const { promptfoo, asked } = provider();
  await promptfoo.callApi(config.tests[0]!.vars.ticket);
  expect(asked).toEqual([{ id: 't-1', body: 'Where is it?', language: 'en' }]);
});

test('the provider answers intent, tokens and cost, or that the engine abstained', async () => {
  const usage = { inputTokens: 5, cacheReadTokens: 10, cacheWriteTokens: 1, outputTokens: 4, thinkingTokens: 0 };
  expect(await provider({ intent: 'orders', usage, costUsd: 0.1 }).promptfoo.callApi('words')).toMatchObject({
    output: 'orders',
    tokenUsage: { total: 20, prompt: 16, completion: 4, cached: 10 },
    cost: 0.1,
  });
  expect((await provider({ abstained: true }).promptfoo.callApi('words')).output).toBe('abstained');
  const { promptfoo, asked } = provider();
  await promptfoo.callApi('{ is no ticket');
  expect(asked).toEqual([{ body: '{ is no ticket' }]);
});

test('an engine that fails is an error of the test case, not a crash', async () => {
  const promptfoo = createPromptfooProvider({ classify: () => Promise.reject(new Error('no connection')) });
  expect(await promptfoo.callApi('words')).toEqual({ error: 'no connection' });
});

import { expect, test } from 'vitest';
import { parseTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { configSchema } from './config-schema.ts';
import { resolveIntents } from './resolve-intents.ts';

const taxonomy = parseTaxonomy({
  file: 't.yaml',
  text: 'name: T\nintents: [{ id: money, name: M, aliases: [billing], children: [{ id: money/refund, name: R }] }, { id: other, name: O }]',
});

// biome-ignore lint/suspicious/noThenProperty: `then` is the word of the configuration's contract.
const rule = (name: string, when: object) => ({ name, when, then: { team: 'x' } });

test('former ids in rules and modes are replaced by those of today', () => {
  const settings = configSchema.parse({
    routing: [rule('a', { intent: ['billing/refund', 'other'] }), rule('b', {})],
    connectors: { api: { type: 'file', modes: { 'billing/*': 'auto', billing: 'assist', '*': 'shadow' } } },
  });
  const resolved = resolveIntents(settings, taxonomy);
  expect(resolved.routing.map(({ when }) => when)).toEqual([{ intent: ['money/refund', 'other'] }, {}]);
  expect(resolved.connectors.api?.modes).toEqual({ 'money/*': 'auto', money: 'assist', '*': 'shadow' });
});

test('a mode for the id of today counts before one for a former id', () => {
  const modes = { 'money/*': 'auto', 'billing/*': 'shadow' };
  const settings = configSchema.parse({ connectors: { api: { type: 'file', modes } } });
  expect(resolveIntents(settings, taxonomy).connectors.api?.modes).toEqual({ 'money/*': 'auto' });
});

import { expect, test } from 'vitest';
import { skipAutomatic } from '../../classifiers/skip-automatic.ts';
import { createUndecided } from '../../pipeline/undecided.ts';
import { shopIntents, smallTaxonomy } from '../../testing/small-taxonomy.ts';
import { askAll } from './ask-all.ts';

const taxonomy = smallTaxonomy(shopIntents);

test('a ticket that no engine could read is an error, and automatic mail that none was asked about is not', async () => {
  const classifier = skipAutomatic({
    id: 'silent',
    classify: async () => createUndecided({ reason: 'the engine is down', taxonomyVersion: taxonomy.version }),
  });
  const tickets = [
    { id: 'person', intent: 'shipping', body: 'Where is my parcel?' },
    {
      id: 'machine',
      intent: null,
      outOfScope: true,
      subject: 'Automatic reply: Your order',
      body: 'I am on vacation.',
    },
  ];
  const outcomes = new Map<string, string>();
  await askAll({
    questions: tickets.map((ticket) => ({ trial: 'main', ticket })),
    ask: (ticket) => classifier.classify({ ticket, taxonomy }),
    onAnswer: ({ ticketId, outcome }) => outcomes.set(ticketId, outcome),
    concurrency: 1,
    timeLimitMs: 10_000,
    maxUsd: null,
    spentUsd: 0,
    step: 'asking',
  });
  expect(Object.fromEntries(outcomes)).toEqual({ person: 'error', machine: 'answered' });
});

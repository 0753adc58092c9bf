// What changes many examples at once, on PostgreSQL; on PGlite transactions take turns.
import { describe, expect, test } from 'vitest';
import { systemActor } from '../../base/actor.ts';
import { createPipelineFixture } from '../../testing/pipeline-fixture.ts';
import { openTestPostgresql, testDatabaseUrl } from '../../testing/test-stores.ts';
import { importExamples, removeExamples } from './change-examples.ts';

const intents = ['orders/status', 'orders/returns'];

describe.skipIf(testDatabaseUrl === null)('examples on PostgreSQL', () => {
  test('imports and removals of the same ones at once wait in no circle', async () => {
    await using opened = await openTestPostgresql();
    const { context } = createPipelineFixture({ store: opened.store });
    const examplesOf = (round: number) =>
      Array.from({ length: 600 }, (_, n) => ({
        id: `e-${n}`,
        body: `It broke for the ${n}th time, in round ${round}`,
        intent: intents[(Math.floor(n / 300) + round) % 2] ?? '',
      }));
    const faults: unknown[] = [];
    const attempt = (work: Promise<unknown>) => work.catch((error) => faults.push(error));
    for (let round = 0; round < 2; round++) {
      const examples = examplesOf(round);
      await Promise.all([
        attempt(importExamples(context, { examples, actor: systemActor })),
        attempt(importExamples(context, { examples: examplesOf(round + 1).toReversed(), actor: systemActor })),
      ]);
      expect(faults).toEqual([]);
      const ids = examples.map(({ id }) => id);
      await Promise.all([
        attempt(removeExamples(context, { ids: ids.slice(0, 300), actor: systemActor })),
        attempt(importExamples(context, { examples: examplesOf(round + 1).toReversed(), actor: systemActor })),
        attempt(removeExamples(context, { ids: ids.slice(300).toReversed(), actor: systemActor })),
      ]);
      expect(faults).toEqual([]);
    }
  }, 60_000);

  test('processes that start at once with different files wait in no circle', async () => {
    await using opened = await openTestPostgresql();
    const { store } = opened;
    const start = async (round: number) => {
      const files = Array.from({ length: 600 }, (_, n) => ({
        id: `f-${(n + 300 * round) % 1_200}`,
        body: `It broke for the ${n}th time`,
        intent: intents[(Math.floor(n / 300) + round) % 2] ?? '',
      }));
      await store.transaction((transaction) => transaction.examples.syncFile(files));
    };
    for (let round = 0; round < 4; round++) await Promise.all([start(round), start(round + 1), start(round + 2)]);
    expect((await store.examples.countBySource()).file).toBe(600);
  }, 60_000);
});

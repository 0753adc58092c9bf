import { describe, expect, test } from 'vitest';
import { systemActor } from '../../base/actor.ts';
import { createPipelineFixture } from '../../testing/pipeline-fixture.ts';
import { storeKinds } from '../../testing/test-stores.ts';
import { importExamples, removeExamples } from './change-examples.ts';

const intents = ['orders/status', 'orders/returns'];

describe.each(storeKinds)('examples on $kind', ({ skip, open }) => {
  test.skipIf(skip)(
    'imports and removals of the same ones at once wait in no circle',
    async () => {
      await using opened = await open();
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
    },
    60_000,
  );
});

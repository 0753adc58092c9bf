import { expect, test } from 'vitest';
import { ClassifierError } from '../errors.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { boundedLocal } from './bounded-local.ts';

const request = { ticket: { id: 't', body: 'Where is my parcel?' }, taxonomy: smallTaxonomy(shopIntents) };

test('an embedded engine that hangs fails in half of the time', async () => {
  const hanging = {
    id: 'local',
    classify: ({ signal }: { signal?: AbortSignal }) =>
      new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () =>
          reject(new ClassifierError({ classifier: 'local', retryable: true, message: 'stopped' })),
        );
      }),
  };
  const startedAt = performance.now();
  await expect(boundedLocal({ local: hanging, deadlineMs: 200 }).classify(request)).rejects.toThrow(ClassifierError);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(95);
});

test('its answer passes', async () => {
  const local = { id: 'local', classify: async () => sampleClassification({ intent: 'shipping' }) };
  expect(await boundedLocal({ local, deadlineMs: 1_000 }).classify(request)).toMatchObject({ intent: 'shipping' });
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ClassifierError } from '../errors.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { boundedLocal } from './bounded-local.ts';

const request = { ticket: { id: 't', body: 'Where is my parcel?' }, taxonomy: smallTaxonomy(shopIntents) };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an embedded engine that hangs fails after half of the time limit, and not before', async () => {
  const hanging = {
    id: 'local',
    classify: ({ signal }: { signal?: AbortSignal }) =>
      new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () =>
          reject(new ClassifierError({ classifier: 'local', retryable: true, message: 'stopped' })),
        );
      }),
  };
  const failed = vi.fn();
  boundedLocal({ local: hanging, deadlineMs: 200 }).classify(request).catch(failed);
  await vi.advanceTimersByTimeAsync(99);
  expect(failed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(failed).toHaveBeenCalledWith(expect.any(ClassifierError));
});

test('a classification that comes in time is returned', async () => {
  const local = { id: 'local', classify: async () => sampleClassification({ intent: 'shipping' }) };
  expect(await boundedLocal({ local, deadlineMs: 1_000 }).classify(request)).toMatchObject({ intent: 'shipping' });
});

import { expect, test } from 'vitest';
import { ClassifierError } from '../errors.ts';
import { sampleClassification } from '../testing/sample-values.ts';
import { shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import type { BuiltEngine } from './build-engine.ts';
import { type Start, startEngine } from './start-engine.ts';

const engine = { kind: 'local', why: 'embedded engine, as configured' } as const;
const request = { ticket: { id: 't', body: 'Where is my parcel?' }, taxonomy: smallTaxonomy(shopIntents) };

/** An engine whose start ends when the test says so, and what was called on it. */
function prepare() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const record = (name: string) => async () => void calls.push(name);
  const built: BuiltEngine = {
    engine,
    classifier: { id: 'local', classify: async () => sampleClassification({ intent: 'shipping' }) },
    requests: null,
    teach: record('teach'),
    forget: record('forget'),
    dropTraces: record('dropTraces'),
    degradations: () => [],
    close: record('close engine'),
  };
  const start: Start = async ({ signal, onProgress }) => {
    signal.addEventListener('abort', () => calls.push('abort'));
    onProgress({ step: 'training', done: 3, total: 10 });
    await promise;
    return { built, teacher: { catchUp: record('catchUp'), close: record('close teacher') } };
  };
  const starting = startEngine({ engine, start, now: () => new Date('2026-11-26T09:00:00Z') });
  return { starting, calls, finish: resolve, fail: reject };
}

test('until it is ready, it says how far it is; then it classifies', async () => {
  const { starting, finish } = prepare();
  const error = await starting.classifier.classify(request).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ClassifierError);
  expect(error).toMatchObject({ unavailable: true, message: expect.stringContaining('training, 3 of 10') });
  expect(starting.degradations()).toMatchObject([
    {
      ...{ part: 'engine', why: expect.stringContaining('training, 3 of 10'), since: '2026-11-26T09:00:00.000Z' },
      starting: { done: 3, total: 10 },
    },
  ]);
  finish();
  await starting.ready;
  expect(await starting.classifier.classify(request)).toMatchObject({ intent: 'shipping' });
  expect(starting.degradations()).toMatchObject([]);
});

test('what is taught and forgotten meanwhile waits for it', async () => {
  const { starting, calls, finish } = prepare();
  const taught = Promise.all([starting.teach([]), starting.forget([]), starting.catchUp(), starting.dropTraces()]);
  expect(calls).toEqual([]);
  finish();
  await taught;
  expect(calls.sort()).toEqual(['catchUp', 'dropTraces', 'forget', 'teach']);
});

test('a start that fails rejects everything that waits, and closing still works', async () => {
  const { starting, fail } = prepare();
  const failure = new ClassifierError({ classifier: 'local', retryable: false, message: 'no memory' });
  fail(failure);
  await expect(starting.ready).rejects.toBe(failure);
  await expect(starting.teach([])).rejects.toBe(failure);
  await starting.close();
});

test('closing ends a start that is under way, and closes what it has opened', async () => {
  const { starting, calls, finish } = prepare();
  const closed = starting.close();
  expect(calls).toEqual(['abort']);
  finish();
  await closed;
  expect(calls).toEqual(['abort', 'close teacher', 'close engine']);
});

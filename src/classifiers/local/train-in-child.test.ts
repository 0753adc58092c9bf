import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { smallTrainingJob as job } from '../../testing/small-training-job.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { readModelBytes, unpackModel } from './model-file.ts';
import { trainInChild } from './train-in-child.ts';

test('the model comes from a process that has ended', async () => {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const processes: (number | null)[] = [];
  const steps: string[] = [];
  const bytes = await trainInChild({
    job,
    readMany: async () => [],
    onProgress: ({ step }) => steps.push(step),
    onProcess: (pid) => {
      processes.push(pid);
      if (pid === null) resolve();
    },
  });
  await ended;
  expect(unpackModel(bytes, 'k')?.model.intents).toEqual(['parcel', 'invoice']);
  expect(processes).toEqual([expect.any(Number), null]);
  expect(processes[0]).not.toBe(process.pid);
  expect(steps).toContain('training the embedded engine');
});

test('with a folder the model comes by its file, since a message of its size would hold up the engine', async () => {
  await using folder = await temporaryFolder();
  const options = { readMany: async () => [], onProgress: () => undefined, onProcess: () => undefined };
  const bytes = await trainInChild({ job: { ...job, cacheDir: folder.path }, ...options });
  expect(Buffer.from(bytes).equals(readFileSync(join(folder.path, 'engine-k.model')))).toBe(true);
  expect(unpackModel(bytes, 'k')?.model.intents).toEqual(['parcel', 'invoice']);
});

test('the model counts when the process has ended before its file was read', async () => {
  await using folder = await temporaryFolder();
  const ended = Promise.withResolvers<void>();
  const bytes = await trainInChild({
    job: { ...job, cacheDir: folder.path },
    readMany: async () => [],
    onProgress: () => undefined,
    onProcess: (pid) => pid === null && ended.resolve(),
    readModel: async (cacheDir, key) => {
      await ended.promise;
      return readModelBytes(cacheDir, key);
    },
  });
  expect(unpackModel(bytes, 'k')?.model.intents).toEqual(['parcel', 'invoice']);
});

test('texts are encoded where the encoder is', async () => {
  const asked: string[] = [];
  const bytes = await trainInChild({
    job: { ...job, encoderId: 'fake' },
    readMany: async (texts) => {
      asked.push(...texts);
      return texts.map((_, i) => ({
        sentence: new Float32Array(16).fill(i / 64),
        content: new Float32Array(16).fill(i / 32),
      }));
    },
    onProgress: () => undefined,
    onProcess: () => undefined,
  });
  expect(asked.toSorted()).toEqual([...job.examples.map(({ text }) => text), 'invoice', 'parcel'].toSorted());
  expect(unpackModel(bytes, 'k')?.packedSentences).toHaveLength(job.examples.length * 16);
});

test('a process that is killed, as by a system without memory left, is reported with what to do', async () => {
  const training = trainInChild({
    job,
    readMany: async () => [],
    onProgress: () => undefined,
    onProcess: (pid) => pid !== null && process.kill(pid, 'SIGKILL'),
  });
  await expect(training).rejects.toThrow(/training on 4 examples ran out of memory\. Give the process more memory/);
});

test('where texts cannot be encoded, training fails with that error', async () => {
  const training = trainInChild({
    job: { ...job, encoderId: 'fake' },
    readMany: () => Promise.reject(Object.assign(new Error('no'), { code: 'ERR_X' })),
    onProgress: () => undefined,
    onProcess: () => undefined,
  });
  await expect(training).rejects.toThrow('training on 4 examples failed (ERR_X)');
});

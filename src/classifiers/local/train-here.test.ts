import { expect, test } from 'vitest';
import { smallTrainingJob as job } from '../../testing/small-training-job.ts';
import { unpackModel } from './model-file.ts';
import { trainHere } from './train-here.ts';
import { trainInChild } from './train-in-child.ts';

const readMany = async () => [];
const onProgress = () => undefined;

test('the thread trains the same model as a process', async () => {
  const here = await trainHere({ job, readMany, onProgress });
  const inChild = await trainInChild({ job, readMany, onProgress, onProcess: () => undefined });
  expect(unpackModel(here, 'k')?.model.intents).toEqual(['parcel', 'invoice']);
  expect(Buffer.from(here).equals(Buffer.from(inChild))).toBe(true);
});

test('a training that fails is reported as one in a process is', async () => {
  const fails = () => Promise.reject(Object.assign(new Error('no'), { code: 'ERR_X' }));
  const training = trainHere({ job: { ...job, encoderId: 'fake' }, readMany: fails, onProgress });
  await expect(training).rejects.toThrow('training on 4 examples failed (ERR_X)');
});

import { expect, test } from 'vitest';
import { CRASH } from '../../../testing/fake-engine-texts.ts';
import { createEncoder } from '../encoder/encoder.ts';
import { encodeAll } from '../read-texts.ts';
import { type EncoderClientOptions, openEncoder } from './encoder-client.ts';

const fakeWorker = new URL('../../../testing/fake-encoder-worker.ts', import.meta.url);

async function open(options: Partial<EncoderClientOptions>) {
  const encoder = await openEncoder({ model: null, threads: 1, ...options });
  return { ...encoder, [Symbol.asyncDispose]: () => encoder.close() };
}

test('a text has the same vectors in the thread as alone, whatever waits with it', async () => {
  const texts = ['Where is my refund?', 'x', '', 'The parcel came late and broken. '.repeat(40), 'Cancel it, please.'];
  const alone = createEncoder();
  const expected = texts.map((text) => encodeAll(alone, [text])[0]);
  await using encoder = await open({ threads: 2 });
  const many = encoder.readMany(texts);
  expect(await Promise.all(texts.map((text) => encoder.read(text)))).toEqual(expected);
  expect(await many).toEqual(expected);
  expect(encoder.id).toBe(alone.id);
});

test('a text that crashes the encoder twice is rejected, and the others are read', async () => {
  await using encoder = await open({ worker: fakeWorker });
  const read = async (text: string) => (await encoder.read(text)).sentence[0];
  const texts = ['a', CRASH, 'bb', 'ccc'];
  const [a, poison, ...others] = await Promise.allSettled(texts.map(read));
  expect([a, ...others].map((result) => result?.status === 'fulfilled' && result.value)).toEqual([1, 2, 3]);
  expect(poison).toMatchObject({ status: 'rejected', reason: { message: 'the sentence encoder ended with code 1' } });
  expect(await read('dddd')).toBe(4);
});

test('an encoder that cannot start is reported', async () => {
  const worker = new URL('data:text/javascript,process.exit(3)');
  await expect(open({ worker })).rejects.toThrow('the sentence encoder ended with code 3');
});

test('a closed encoder reads nothing, and rejects what it was reading', async () => {
  const encoder = await open({ worker: fakeWorker });
  const asked = encoder.read('a');
  await Promise.all([encoder.close(), expect(asked).rejects.toThrow(/encoder/)]);
  await expect(encoder.read('b')).rejects.toThrow('has been closed');
});

import { parentPort } from 'node:worker_threads';
import type { EncoderMessage, EncoderRequest } from '../classifiers/local/encoder-thread/protocol.ts';
import { CRASH } from './fake-engine-texts.ts';

// A thread in place of the encoder's: the only number of a vector is the length of its text. Some texts crash it.

const post = (message: EncoderMessage) => parentPort?.postMessage(message);
const model = { version: '1', vocabulary: [], weights: new SharedArrayBuffer(0) };

post({ kind: 'ready', encoderId: 'fake', model });
parentPort?.on('message', ({ id, texts }: EncoderRequest) => {
  if (texts.includes(CRASH)) process.exit(1);
  const vectors = texts.map(({ length }) => ({ sentence: Float32Array.of(length), content: Float32Array.of(length) }));
  post({ kind: 'vectors', id, vectors });
});

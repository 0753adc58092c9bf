// Replaces the engine's thread in tests of crashes: it does not train, and certain texts make it crash, fail or wait for ever.
// With `useEncoder` it has a search thread, which is fake too.
import { parentPort } from 'node:worker_threads';
import type { EngineMessage, EngineRequest, EngineState } from '../classifiers/local/protocol.ts';
import { startSearchThread } from '../classifiers/local/search-thread/search-client.ts';
import { CRASH, FAIL, NEVER, TRAINER } from './fake-engine-texts.ts';

const state: EngineState = {
  examplesVersion: '0',
  thresholdsVersion: '0',
  exampleCount: 0,
  modelName: 'fake',
  heldOut: null,
  encoderId: null,
  trainingFailure: null,
};
const bodies: string[] = [];
const post = (message: EngineMessage) => parentPort?.postMessage(message);

parentPort?.on('message', (request: EngineRequest) => {
  const { id } = request;
  switch (request.call) {
    case 'open': {
      const worker = new URL('./fake-search-worker.ts', import.meta.url);
      if (request.input.useEncoder) startSearchThread({ port: request.input.searchPort, worker });
      return post({ kind: 'answers', answers: [{ id, output: null }] });
    }
    case 'add':
      bodies.push(...request.input.examples.map(({ example }) => example.body ?? ''));
      if (bodies.includes(CRASH)) process.exit(7);
      return post({ kind: 'answers', answers: [{ id, output: null }] });
    case 'start':
      if (bodies.includes(FAIL)) return post({ kind: 'failure', id, message: 'there is no room' });
      return post({ kind: 'answers', answers: [{ id, output: state }] });
    case 'classify':
      if (request.input.ticket.body === CRASH) process.exit(7);
      if (request.input.ticket.body === NEVER) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      if (request.input.ticket.body?.startsWith(TRAINER)) {
        post({ kind: 'trainer', pid: Number(request.input.ticket.body.slice(TRAINER.length)) });
      }
      return post({ kind: 'answers', answers: [{ id, output: { intent: request.input.ticket.body } }] });
    default:
      return post({ kind: 'answers', answers: [{ id, output: null }] });
  }
});

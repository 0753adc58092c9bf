// Replaces the search thread in tests of crashes: it finds the text that it is asked for, and certain texts make it crash or wait.
import { parentPort } from 'node:worker_threads';
import type { SearchMessage, SearchRequest } from '../classifiers/local/search-thread/protocol.ts';
import { CRASH, NEVER } from './fake-engine-texts.ts';

parentPort?.on('message', (opening: SearchRequest) => {
  if (opening.call !== 'open') return;
  const { port } = opening.input;
  port?.on('message', ({ id, call, input }: SearchRequest) => {
    if (call !== 'search' || input.text === NEVER) return;
    if (input.text === CRASH) process.exit(7);
    const output = { found: [{ id: input.text, similarity: 1 }], neighbours: [], byMeaning: false };
    const message: SearchMessage = { kind: 'answers', answers: [{ id, output }] };
    port.postMessage(message);
  });
});

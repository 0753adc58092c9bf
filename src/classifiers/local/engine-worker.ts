import { parentPort } from 'node:worker_threads';
import { returnMemory, returnMemoryAtRest } from '../../base/return-memory.ts';
import { yieldToOtherThreads } from '../../base/thread-priority.ts';
import { Engine, type SharedModels } from './engine.ts';
import type { EngineMessage, EngineRequest } from './protocol.ts';
import { startSearchThread } from './search-thread/search-client.ts';

// Entry point of the engine's thread: handles the requests of the client and posts the output of each.

let opened: Engine | null = null;
const post = (message: EngineMessage, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);

const wanted = new Map<string, (bytes: ArrayBuffer | null) => void>();
const sharedModels: SharedModels = {
  claim: (key) =>
    new Promise((resolve) => {
      wanted.set(key, resolve);
      post({ kind: 'model-wanted', key });
    }),
  finish(key, bytes) {
    // A copy, because the engine keeps using the arrays in the original.
    const copy = bytes?.slice(0) ?? null;
    post({ kind: 'model-trained', key, bytes: copy }, copy === null ? [] : [copy]);
  },
};

function engine(): Engine {
  if (opened === null) throw new Error('the engine was called before it was opened');
  return opened;
}

async function handle(request: EngineRequest): Promise<unknown> {
  switch (request.call) {
    case 'open':
      opened = new Engine({
        settings: request.input,
        searches: startSearchThread({ port: request.input.searchPort }),
        onProgress: (progress) => post({ kind: 'progress', ...progress }),
        onState: (state) => post({ kind: 'state', state }),
        onEncoderLoaded: (model) => post({ kind: 'encoder-loaded', model }),
        onTrainer: (pid) => post({ kind: 'trainer', pid }),
        models: request.input.sharesModels ? sharedModels : null,
      });
      return null;
    case 'add':
      await engine().add(request.input.examples);
      return null;
    case 'start':
      await engine().start();
      return engine().state;
    case 'model':
      wanted.get(request.input.key)?.(request.input.bytes);
      wanted.delete(request.input.key);
      return null;
    case 'classify':
      return engine().classify(request.input.ticket);
    case 'search':
    case 'encode':
      throw new Error('this is a call for the search thread');
    case 'upsert':
      await engine().add(request.input.examples);
      engine().trainSoon();
      return engine().state;
    case 'remove':
      await engine().remove(request.input.ids);
      engine().trainSoon();
      return engine().state;
    case 'settle':
      await engine().settle();
      return engine().state;
    case 'dropTraces':
      return engine().dropTraces();
    default:
      return request satisfies never;
  }
}

yieldToOtherThreads();
returnMemoryAtRest();
parentPort?.on('message', (request: EngineRequest) => {
  handle(request).then(
    (output) => {
      post({ kind: 'answers', answers: [{ id: request.id, output }] });
      // Nobody waits for the engine now: it has just said that it is ready.
      if (request.call === 'start') setImmediate(returnMemory);
    },
    (error: unknown) =>
      post({ kind: 'failure', id: request.id, message: error instanceof Error ? error.message : String(error) }),
  );
});

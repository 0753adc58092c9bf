import { type MessagePort, Worker } from 'node:worker_threads';
import { threadLimits } from '../../../base/return-memory.ts';
import type { SearchCall, SearchCalls, SearchMessage, SearchRequest } from './protocol.ts';

const workerFile = import.meta.url.endsWith('.ts') ? './search-worker.ts' : './search-worker.js';

/** The search thread as the engine calls it. */
export type SearchThread = {
  /** `transfer`: buffers that move to the thread instead of being copied. */
  call<Call extends SearchCall>(
    call: Call,
    input: SearchCalls[Call]['input'],
    transfer?: readonly ArrayBuffer[],
  ): Promise<SearchCalls[Call]['output']>;
};

/**
 * Starts the thread that reads texts and searches, with the port of the main thread. When it crashes, the examples that it had
 * are gone, so this thread crashes too: the client of the engine then starts both again, with all examples.
 */
export function startSearchThread(options: {
  port: MessagePort | null;
  /** For tests. */
  worker?: URL;
}): SearchThread {
  const worker = new Worker(options.worker ?? new URL(workerFile, import.meta.url), {
    execArgv: [],
    resourceLimits: threadLimits,
  });
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let cause: Error | null = null;
  worker.on('message', (message: SearchMessage) => {
    if (message.kind === 'failure') {
      pending.get(message.id)?.reject(new Error(message.message));
      pending.delete(message.id);
      return;
    }
    for (const { id, output } of message.answers) {
      pending.get(id)?.resolve(output);
      pending.delete(id);
    }
  });
  worker.on('error', (error) => {
    cause = error instanceof Error ? error : new Error(String(error));
  });
  worker.on('exit', (code) => {
    throw cause ?? new Error(`the search thread ended with code ${code}`);
  });

  const call: SearchThread['call'] = (name, input, transfer = []) => {
    const id = ++lastId;
    const waiting = Promise.withResolvers<unknown>();
    pending.set(id, waiting);
    worker.postMessage(toRequest(id, name, input), transfer);
    return waiting.promise.then((output) => toOutput<typeof name>(output));
  };
  const open: SearchRequest = { id: ++lastId, call: 'open', input: { port: options.port } };
  worker.postMessage(open, options.port === null ? [] : [options.port]);
  return { call };
}

/** TypeScript cannot check that a generic call and its input match; the signature of `call` ensures it. */
function toRequest<Call extends SearchCall>(id: number, call: Call, input: SearchCalls[Call]['input']): SearchRequest {
  return { id, call, input } as unknown as SearchRequest;
}

/** The thread returns the output that `SearchCalls` names for each call. */
function toOutput<Call extends SearchCall>(output: unknown): SearchCalls[Call]['output'] {
  return output as SearchCalls[Call]['output'];
}

import { Worker } from 'node:worker_threads';
import { ClassifierError } from '../../../errors.ts';
import type { ScanAnswer, ScanReply, ScanRequest } from './scan-protocol.ts';

const workerFile = import.meta.url.endsWith('.ts') ? './scan-worker.ts' : './scan-worker.js';

export type ScanClient = { ask(request: ScanRequest): Promise<ScanReply>; close(): Promise<void> };

/**
 * Starts the scan in a worker thread. When the thread ends, all pending calls reject and it is not started again:
 * tickets can be classified without examples.
 */
export function startScan(): ScanClient {
  const worker = new Worker(new URL(workerFile, import.meta.url));
  const pending = new Map<number, PromiseWithResolvers<ScanReply>>();
  let lastNumber = 0;
  let ended: ClassifierError | null = null;
  const end = (error: ClassifierError) => {
    ended ??= error;
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  worker.on('message', (answer: ScanAnswer) => {
    const question = pending.get(answer.number);
    pending.delete(answer.number);
    if (pending.size === 0) worker.unref();
    if ('reply' in answer) question?.resolve(answer.reply);
    else question?.reject(failure(`failed: ${answer.error}`));
  });
  worker.on('error', () => end(failure('crashed')));
  worker.on('exit', () => end(failure('has stopped')));
  worker.unref(); // An idle index does not keep the process alive; a pending call does.

  return {
    ask(request) {
      if (ended !== null) return Promise.reject(ended);
      const question = Promise.withResolvers<ScanReply>();
      const number = ++lastNumber;
      pending.set(number, question);
      worker.ref();
      worker.postMessage({ number, request });
      return question.promise;
    },
    async close() {
      end(failure('has been closed'));
      await worker.terminate();
    },
  };
}

function failure(what: string): ClassifierError {
  return new ClassifierError({ classifier: 'retrieval', retryable: false, message: `The index of examples ${what}.` });
}

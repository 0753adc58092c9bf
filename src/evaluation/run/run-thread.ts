import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadLimits } from '../../base/return-memory.ts';
import { type ErrorCode, SwitchboardError } from '../../errors.ts';
import type { Comparison } from '../compare/compare-runs.ts';
import type { RunTask, RunTaskConfig } from './run-tasks.ts';

const workerFile = import.meta.url.endsWith('.ts') ? './run-worker.ts' : './run-worker.js';

/** An error travels as its code and message, by which callers tell it. */
export type RunReply =
  | { readonly result: string | Comparison }
  | { readonly code: ErrorCode; readonly message: string };

export type RunThread = {
  report(id: string): Promise<string>;
  compare(runs: { first: string; second: string }): Promise<Comparison>;
};

/**
 * Does tasks in a thread, one after the other: several at once would need the memory of several data sets. Rejects with a
 * SwitchboardError that has the code of the task's error.
 */
export function createRunThread({ settings, file, isSample, runsDir }: RunTaskConfig): RunThread {
  const config = { settings, file, isSample, runsDir };
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (task: RunTask): Promise<unknown> => {
    const done = last.then(() => runInThread({ config, task }));
    last = done.catch(() => undefined);
    const reply = await done;
    if ('code' in reply) throw new SwitchboardError(reply);
    return reply.result;
  };
  // The worker does what the task names, so the result is of that task.
  return {
    report: (id) => ask({ task: 'report', id }) as Promise<string>,
    compare: (runs) => ask({ task: 'compare', ...runs }) as Promise<Comparison>,
  };
}

async function runInThread(workerData: { config: RunTaskConfig; task: RunTask }): Promise<RunReply> {
  const worker = new Worker(new URL(workerFile, import.meta.url), {
    workerData,
    execArgv: [],
    name: 'runs',
    resourceLimits: threadLimits,
  });
  try {
    // Both reject with the error of a thread that ends by one.
    const message = once(worker, 'message').then(([reply]) => reply as RunReply);
    const end = once(worker, 'exit').then(([code]) => {
      throw new Error(`the thread of runs ended with code ${code}`);
    });
    end.catch(() => undefined);
    return await Promise.race([message, end]);
  } finally {
    await worker.terminate();
  }
}

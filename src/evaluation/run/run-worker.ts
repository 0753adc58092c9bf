// Runs in a thread of its own: a report or a comparison takes seconds of processor time, which would hold up tickets.
import { parentPort, workerData } from 'node:worker_threads';
import { SwitchboardError } from '../../errors.ts';
import { doRunTask, type RunTask, type RunTaskConfig } from './run-tasks.ts';
import type { RunReply } from './run-thread.ts';

// Written by run-thread.ts alone.
const { config, task } = workerData as { config: RunTaskConfig; task: RunTask };

const reply: RunReply = await doRunTask(config, task).then(
  (result) => ({ result }),
  (error: unknown) => {
    if (!(error instanceof SwitchboardError)) throw error;
    return { code: error.code, message: error.message };
  },
);
parentPort?.postMessage(reply);

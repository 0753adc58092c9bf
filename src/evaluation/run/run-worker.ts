// Runs in a thread of its own: a report or a comparison takes seconds of processor time, which would hold up tickets.
import { parentPort, workerData } from 'node:worker_threads';
import { SwitchboardError } from '../../errors.ts';
import { doRunTask, type RunTask, type RunTaskConfig } from './run-tasks.ts';
import type { RunReply } from './run-thread.ts';

// Written by run-thread.ts alone.
const { config, task } = workerData as { config: RunTaskConfig; task: RunTask };

/** An error that is not of the task ends the thread. */
async function run(): Promise<RunReply> {
  try {
    return { result: await doRunTask(config, task) };
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return { code: error.code, message: error.message };
  }
}

void run().then((reply) => parentPort?.postMessage(reply));

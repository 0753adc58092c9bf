import { constants, getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const { PRIORITY_BELOW_NORMAL } = constants.priority;

test.runIf(process.platform === 'linux').each([
  ['yieldToOtherThreads', PRIORITY_BELOW_NORMAL],
  ['yieldToOtherProcesses', PRIORITY_BELOW_NORMAL / 2],
])('%s leaves the priority of other threads as it was', async (yieldTo, wanted) => {
  // This thread may have a lower priority already: another test may have run a worker in it.
  const before = getPriority();
  const file = new URL('./thread-priority.ts', import.meta.url).href;
  const worker = new Worker(
    `import { getPriority } from 'node:os';
     import { parentPort } from 'node:worker_threads';
     const priorities = await import(${JSON.stringify(file)});
     priorities.${yieldTo}();
     parentPort.postMessage(getPriority());`,
    { eval: true, execArgv: [] },
  );
  const priority = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  expect(priority).toBe(wanted);
  expect(getPriority()).toBe(before);
});

import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test.runIf(process.platform === 'linux').each(['yieldToOtherThreads', 'yieldToOtherProcesses'])(
  '%s leaves the priority of other threads as it was',
  async (yieldTo) => {
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
    expect(priority).toBeGreaterThan(before);
    expect(getPriority()).toBe(before);
  },
);

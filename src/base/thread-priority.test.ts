import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test.runIf(process.platform === 'linux')(
  'a thread that yields leaves the priority of the others as it was',
  async () => {
    const before = getPriority();
    const file = new URL('./thread-priority.ts', import.meta.url).href;
    const worker = new Worker(
      `import { getPriority } from 'node:os';
     import { parentPort } from 'node:worker_threads';
     const { yieldToOtherThreads } = await import(${JSON.stringify(file)});
     yieldToOtherThreads();
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

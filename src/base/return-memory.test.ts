import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test('a thread that has come to rest gives back what its work needed', async () => {
  const file = new URL('./return-memory.ts', import.meta.url).href;
  const worker = new Worker(
    `import { getHeapStatistics } from 'node:v8';
     import { parentPort } from 'node:worker_threads';
     const { returnMemoryAtRest } = await import(${JSON.stringify(file)});
     returnMemoryAtRest(50);
     let rows = Array.from({ length: 500_000 }, (_, number) => ({ number, text: 'row ' + number }));
     parentPort.postMessage(getHeapStatistics().total_heap_size);
     rows = null;
     const loaded = getHeapStatistics().total_heap_size;
     setInterval(() => {
       if (getHeapStatistics().total_heap_size < loaded / 2) parentPort.postMessage('returned');
     }, 20);`,
    { eval: true, execArgv: [] },
  );
  const [loaded] = await once(worker, 'message');
  expect(loaded).toBeGreaterThan(30 * 1024 ** 2);
  const [then] = await once(worker, 'message');
  expect(then).toBe('returned');
  await worker.terminate();
});

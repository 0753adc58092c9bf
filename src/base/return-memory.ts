import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Without a limit, V8 lets the young objects of each thread take 48 MB; a ticket makes less than one. */
export const threadLimits = { maxYoungGenerationSizeMb: 8 };

/**
 * Collects the garbage of this thread and gives free memory back to the system, in about 30 ms. For the end of a start or
 * another large piece of work: V8 would keep what that needed until the thread allocates as much again.
 */
export function returnMemory(): void {
  // The flag holds for the whole process. It stays, because another thread may be between these two lines.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/** A thread rests when it worked for less than this share of the time since the last look. */
const REST_UTILIZATION = 0.02;
/** What a collection must be likely to give back, so that a thread at rest does not collect again and again. */
const WORTHWHILE_BYTES = 16 * 1024 ** 2;

/**
 * Returns memory each time this thread has come to rest after work: V8 collects while a thread allocates, so what a load
 * needed would otherwise stay for as long as there is little to do. Call it once in each thread of a server. Returns the
 * function that ends it.
 */
export function returnMemoryAtRest(lookEveryMs = 20_000): () => void {
  let before = performance.eventLoopUtilization();
  let kept = getHeapStatistics().total_heap_size;
  const timer = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    if (utilization > REST_UTILIZATION || getHeapStatistics().total_heap_size < kept + WORTHWHILE_BYTES) return;
    returnMemory();
    kept = getHeapStatistics().total_heap_size;
  }, lookEveryMs).unref();
  return () => clearInterval(timer);
}

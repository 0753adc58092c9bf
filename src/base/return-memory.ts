import { setFlagsFromString } from 'node:v8';
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

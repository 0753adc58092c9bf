import { constants, setPriority } from 'node:os';

/**
 * Lets the other threads of the program go first when processors are scarce: accepting a ticket never waits for one that
 * is being read. Linux has a priority for each thread; elsewhere this would slow down the whole process, so nothing changes.
 */
export function yieldToOtherThreads(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL); // 0: the thread that calls this
  } catch {
    // A container may forbid it. The thread then has the same priority as before.
  }
}

import { constants, setPriority } from 'node:os';

/**
 * Lets the other threads of the program go first when processors are scarce: accepting a ticket never waits for one that
 * is being read. Linux has a priority for each thread; elsewhere this would slow down the whole process, so nothing changes.
 */
export function yieldToOtherThreads(): void {
  lower(constants.priority.PRIORITY_BELOW_NORMAL);
}

/**
 * For a worker that is a process of its own: servers on the same machine, which somebody waits for, and their database go
 * before it. Called by its main thread; those of its threads that yield to others still yield to it.
 */
export function yieldToOtherProcesses(): void {
  lower(constants.priority.PRIORITY_BELOW_NORMAL / 2);
}

function lower(priority: number): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, priority); // 0: the thread that calls this
  } catch {
    // A container may forbid it. The thread then has the same priority as before.
  }
}

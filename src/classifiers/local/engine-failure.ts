import { count } from '../../base/plural.ts';
import { codeOf } from '../../base/safe-error.ts';

/** The engine reported that it cannot start; an immediate restart would not help. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** The training process ended without a result. */
export class TrainerEnd extends Error {
  override readonly name = 'TrainerEnd';
  readonly code: string;
  /** V8 aborts when its heap is full, and the kernel kills when the machine's memory is. */
  readonly isOutOfMemory: boolean;

  constructor({ code, signal }: { code: number | null; signal: string | null }) {
    super(`the training process ended with ${signal ?? `code ${code}`}`);
    this.code = signal ?? `exit code ${code}`;
    this.isOutOfMemory = signal === 'SIGABRT' || signal === 'SIGKILL' || code === ABORTED;
  }
}

const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';
/** Exit code of an abort where the system has no signals, and of a shell. */
const ABORTED = 134;
const memoryAdvice =
  'Give the process more memory (a higher limit of its container, or NODE_OPTIONS=--max-old-space-size=4096), use fewer or shorter examples, or leave out the sentence encoder (retrieval.embedder: none)';

/** True when the heap of a thread or process was full, or one array was too large, for which V8 throws a RangeError. */
function isOutOfMemory(error: unknown): boolean {
  if (error instanceof TrainerEnd) return error.isOutOfMemory;
  return codeOf(error) === OUT_OF_MEMORY || error instanceof RangeError;
}

/**
 * Says why the engine is not available, and what to do. The text of foreign errors is left out: it may quote a ticket.
 */
export function describeCrash(cause: unknown): string {
  if (cause instanceof StartFailure) return `The embedded engine could not be started: ${cause.message}.`;
  if (isOutOfMemory(cause)) return `The embedded engine ran out of memory. ${memoryAdvice}.`;
  const name = cause instanceof Error ? cause.name : typeof cause;
  return `The embedded engine crashed (${codeOf(cause) ?? name}).`;
}

/** Says why training failed and what to do, as the end of a sentence: without a capital letter and full stop. */
export function describeTrainingFailure(options: { cause: unknown; exampleCount: number }): string {
  const { cause, exampleCount } = options;
  if (isOutOfMemory(cause)) return `training on ${count(exampleCount, 'example')} ran out of memory. ${memoryAdvice}`;
  const name = cause instanceof Error ? cause.name : typeof cause;
  return `training on ${count(exampleCount, 'example')} failed (${codeOf(cause) ?? name})`;
}

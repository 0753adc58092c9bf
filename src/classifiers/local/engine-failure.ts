import { codeOf } from '../../base/safe-error.ts';

/** The engine says of itself that it cannot be started; starting it at once again does not help. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY';
const memoryAdvice =
  'Give the process more memory (a higher limit of its container, or NODE_OPTIONS=--max-old-space-size=4096), teach it fewer or shorter examples, or leave the sentence encoder out (retrieval.embedder: none)';

/** Whether memory has run out: of a thread's heap, or for one large array, where V8 throws a RangeError. */
function isOutOfMemory(error: unknown): boolean {
  return codeOf(error) === OUT_OF_MEMORY || error instanceof RangeError;
}

/** Why the engine is away, and what to do. Words of an error that is not ours stay out: they may be a ticket's. */
export function describeCrash(cause: unknown): string {
  if (cause instanceof StartFailure) return `The embedded engine could not be started: ${cause.message}.`;
  if (isOutOfMemory(cause)) return `The embedded engine ran out of memory. ${memoryAdvice}.`;
  const name = cause instanceof Error ? cause.name : typeof cause;
  return `The embedded engine crashed (${codeOf(cause) ?? name}).`;
}

/** Why training failed, and what to do; completes the sentence of whoever reports it. */
export function describeTrainingFailure(options: { cause: unknown; exampleCount: number }): string {
  const { cause, exampleCount } = options;
  if (isOutOfMemory(cause)) return `training on ${exampleCount} examples ran out of memory. ${memoryAdvice}`;
  const name = cause instanceof Error ? cause.name : typeof cause;
  return `training on ${exampleCount} examples failed (${codeOf(cause) ?? name})`;
}

import { setImmediate } from 'node:timers/promises';

/**
 * Work in bounded steps. Each `yield` announces the weight of the step that comes next (mostly its characters); the value
 * that is returned is the result.
 */
export type Steps<T> = Generator<number, T>;

/** Weight between two pauses: of text about what a main thread reads in 20 ms. */
export const MAX_WEIGHT_BETWEEN_PAUSES = 8_000;

/** Does all steps at once: for programs that do nothing else meanwhile. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Does the steps with pauses between them, so that other work of the thread comes in between. */
export async function runStepsInTurns<T>(
  steps: Steps<T>,
  pause: () => Promise<unknown> = () => setImmediate(),
): Promise<T> {
  let weight = 0;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (weight > 0 && weight + step.value > MAX_WEIGHT_BETWEEN_PAUSES) {
      await pause();
      weight = 0;
    }
    weight += step.value;
  }
}

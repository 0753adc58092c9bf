import { setImmediate } from 'node:timers/promises';

/**
 * Work that is done in small steps. Each `yield` gives the weight of the next step (usually its number of characters);
 * the return value is the result.
 */
export type Steps<T> = Generator<number, T>;

/** Weight between two pauses: about as much text as the main thread reads in 20 ms. */
export const MAX_WEIGHT_BETWEEN_PAUSES = 8_000;
const SMALL_WEIGHT = MAX_WEIGHT_BETWEEN_PAUSES / 200;

/** Maps each item in a step of its own. `weightOf` defaults to the same small weight for all: 200 items between pauses. */
export function* mapSteps<Item, Result>(
  items: Iterable<Item>,
  map: (item: Item, index: number) => Result,
  weightOf: (item: Item) => number = () => SMALL_WEIGHT,
): Steps<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    yield weightOf(item);
    results.push(map(item, results.length));
  }
  return results;
}

/** Runs all steps without a pause, for programs that have nothing else to do. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Runs the steps with pauses, so that the thread can do other work in between. */
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

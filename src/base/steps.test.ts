import { expect, test } from 'vitest';
import { MAX_WEIGHT_BETWEEN_PAUSES, runSteps, runStepsInTurns, type Steps } from './steps.ts';

function* stepsOf(weights: readonly number[], onStep: (weight: number) => void = () => undefined): Steps<string> {
  for (const weight of weights) {
    yield weight;
    onStep(weight);
  }
  return 'done';
}

test('all steps at once give the result', () => {
  const seen: number[] = [];
  expect(runSteps(stepsOf([1, 2, 3], (weight) => seen.push(weight)))).toBe('done');
  expect(seen).toEqual([1, 2, 3]);
});

test('pauses by the weight of the steps, and not at all for light work', async () => {
  const half = MAX_WEIGHT_BETWEEN_PAUSES / 2;
  const order: (number | 'pause')[] = [];
  const pause = async () => order.push('pause');
  const steps = stepsOf([half, half, 1, 2 * half, 3 * half, 1], (weight) => order.push(weight));
  expect(await runStepsInTurns(steps, pause)).toBe('done');
  expect(order).toEqual([half, half, 'pause', 1, 'pause', 2 * half, 'pause', 3 * half, 'pause', 1]);
});

test('the thread can do other work between the steps', async () => {
  let steps = 0;
  const between = new Promise<number>((resolve) => setImmediate(() => resolve(steps)));
  const work = runStepsInTurns(
    stepsOf([MAX_WEIGHT_BETWEEN_PAUSES, MAX_WEIGHT_BETWEEN_PAUSES], () => {
      steps++;
    }),
  );
  expect(await between).toBe(1);
  expect(await work).toBe('done');
});

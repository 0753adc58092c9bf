import { expect, test } from 'vitest';
import { describeCrash, describeTrainingFailure, StartFailure } from './engine-failure.ts';

const heapIsFull = Object.assign(new Error('Worker terminated due to reaching memory limit'), {
  code: 'ERR_WORKER_OUT_OF_MEMORY',
});

test('when memory runs out, the message says how to give more and how to need less', () => {
  const advice = /more memory .*NODE_OPTIONS=--max-old-space-size.*retrieval\.embedder: none/;
  expect(describeCrash(heapIsFull)).toMatch(advice);
  const arrayTooLarge = describeTrainingFailure({ cause: new RangeError('x'), exampleCount: 9_000 });
  expect(arrayTooLarge).toMatch(advice);
  expect(arrayTooLarge).toMatch(/^training on 9000 examples ran out of memory/);
  // This is how the engine reports that training failed at its start.
  expect(describeCrash(new StartFailure(arrayTooLarge))).toMatch(
    /^The embedded engine could not be started: training on 9000 examples ran out/,
  );
});

test('the text of a foreign error is not shown: it may contain words of a ticket', () => {
  const error = Object.assign(new TypeError('cannot read the IBAN DE89'), { code: 'ERR_X' });
  expect(describeCrash(error)).toBe('The embedded engine crashed (ERR_X).');
  expect(describeTrainingFailure({ cause: error, exampleCount: 3 })).toBe('training on 3 examples failed (ERR_X)');
});

import { expect, test } from 'vitest';
import { calibrationBodySchema, examplesBodySchema } from './contract.ts';
import { validateRequest } from './validate-request.ts';

const validatorOf = (schema: typeof examplesBodySchema | typeof calibrationBodySchema) => {
  const validator = validateRequest({ schema, method: 'POST', url: '/' });
  if (typeof validator !== 'function') throw new TypeError('not a validator');
  return (body: unknown): unknown => validator(body);
};

test('10,000 examples are parsed with pauses for other work, and replace those of the body', async () => {
  const examples = Array.from({ length: 10_000 }, (_, i) => ({ id: `e${i}`, body: 'a\0b', intent: 'orders' }));
  const body = { examples };
  let pauses = 0;
  let isDone = false;
  const count = () => {
    pauses++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await validatorOf(examplesBodySchema)(body);
  isDone = true;
  expect(pauses).toBeGreaterThan(100);
  expect(body.examples.at(-1)).toEqual({ id: 'e9999', body: 'ab', intent: 'orders' });
});

test('wrong examples are counted, and some are named', async () => {
  const examples = Array.from({ length: 1_000 }, (_, i) => (i % 2 === 0 ? 0 : { id: `e${i}`, body: 'x', intent: 'a' }));
  await expect(validatorOf(examplesBodySchema)({ examples })).rejects.toMatchObject({
    message: expect.stringMatching(/^500 of 1000 examples are not labelled tickets: examples\[0\]: /),
  });
  await expect(validatorOf(examplesBodySchema)({ examples: Array(700_000).fill(0) })).rejects.toMatchObject({
    message: expect.stringContaining('700000 examples were sent'),
  });
});

test('a calibration is refused for its first fault, however many it has', () => {
  const validate = validatorOf(calibrationBodySchema);
  const heldOut = Array.from({ length: 100_000 }, () => ({ intent: 'a', confidence: 0.5, correct: true }));
  const calibration = {
    ...{ format: 1, version: 'v', engine: 'local', taxonomy: 't', features: ['one'], mean: [0], deviation: [1] },
    ...{ logistic: { bias: 0, weights: [1] }, heldOut },
  };
  const faultOf = (body: object) => expect.objectContaining({ error: expect.objectContaining({ issues: [body] }) });
  expect(validate({ ...calibration, extra: 1 })).toEqual({ value: calibration });
  expect(validate({ ...calibration, heldOut: heldOut.map(() => ({})) })).toEqual(
    faultOf({ path: 'heldOut[0].intent', message: expect.any(String) }),
  );
  expect(validate({ ...calibration, mean: Array(100_000).fill('') })).toEqual(
    faultOf({ path: 'mean', message: 'has more than 100 entries' }),
  );
  expect(validate(null)).toEqual(faultOf({ path: '', message: expect.any(String) }));
});

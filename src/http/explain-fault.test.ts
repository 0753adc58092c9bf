import { validatorCompiler } from 'fastify-type-provider-zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { explainFault } from './explain-fault.ts';

const schema = z.strictObject({
  limit: z.number().int().max(200).optional(),
  share: z.number().min(0).optional(),
  state: z.enum(['received', 'decided']).optional(),
  name: z.string().max(3).optional(),
  wait: z.string().regex(/s$/, 'must be a duration such as 5s').optional(),
});

function explain(value: unknown): string[] {
  const result: unknown = validatorCompiler({ schema, method: 'GET', url: '/' })(value);
  const { error } = z.object({ error: z.array(z.unknown()) }).parse(result);
  return error.map(explainFault);
}

test('a wrong field is explained in plain words', () => {
  expect(explain({ limit: 2000 })).toEqual(['must be at most 200']);
  expect(explain({ share: -1 })).toEqual(['must be at least 0']);
  expect(explain({ state: 'open' })).toEqual(['must be received or decided']);
  expect(explain({ name: 'long' })).toEqual(['must be at most 3 characters long']);
  expect(explain({ limit: 'x' })).toEqual(['must be a number']);
  expect(explain({ stat: 'x' })).toEqual(['"stat" is not a known field']);
  expect(explain({ stat: 'x', lim: 1 })).toEqual(['"stat", "lim" are not known fields']);
});

test('a message of the schema itself is kept', () => {
  expect(explain({ wait: '5' })).toEqual(['must be a duration such as 5s']);
});

test('an entry of another validator keeps its message', () => {
  expect(explainFault({ message: 'too odd' })).toBe('too odd');
  expect(explainFault(null)).toBe('is not valid');
});

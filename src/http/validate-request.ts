import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { count } from '../base/plural.ts';
import { MAX_WEIGHT_BETWEEN_PAUSES, mapSteps, runStepsInTurns } from '../base/steps.ts';
import { type EngineCalibration, engineCalibrationSchema } from '../classifiers/calibration/engine-calibration.ts';
import { InputError } from '../errors.ts';
import { parseIncomingTicket, parseLabelledTicket } from '../ticket/parse-ticket.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { assertTicketFields } from './assert-ticket-fields.ts';
import { calibrationBodySchema, examplesBodySchema, incomingTicketBodySchema, MAX_EXAMPLES } from './contract.ts';

/**
 * Validates the body of a ticket or of examples with the ticket parsers instead of the plain schemas: they also repair
 * what can be repaired, and check sizes before contents. Every other request is validated by its schema.
 */
export const validateRequest: typeof validatorCompiler = (route) => {
  if (route.schema === incomingTicketBodySchema) return validate(parseTicketBody);
  if (route.schema === calibrationBodySchema) return validate(parseCalibrationBody);
  if (route.schema === examplesBodySchema) return asValidator(parseExamplesInPlace);
  return validatorCompiler(route);
};

/** The cast is safe: Fastify awaits any promise. Its type has a mark that is there for a lint rule alone. */
const asValidator = (check: (body: unknown) => Promise<void>) =>
  check as unknown as ReturnType<typeof validatorCompiler>;

const validate =
  (parse: (body: unknown) => unknown) =>
  (body: unknown): { value: unknown } | { error: Error } => {
    try {
      return { value: parse(body) };
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  };

function parseTicketBody(body: unknown): unknown {
  assertTicketFields(body);
  return parseIncomingTicket(body);
}

/** The list is not walked: one of 700,000 entries is refused by its length. */
const examplesOutline = z.strictObject({
  examples: z.custom<unknown[]>((value) => Array.isArray(value) && value.length > 0, 'must be a list with entries'),
});
/** Of parsing one example: 50 between two pauses, which take 25 ms where each has 50 faults. */
const EXAMPLE_WEIGHT = MAX_WEIGHT_BETWEEN_PAUSES / 50;
/** At most this many wrong examples are listed in the message. */
const MAX_NAMED_EXAMPLES = 20;

/**
 * Parses 10,000 examples with pauses, in which the server does other work. Fastify takes no value from a validator that
 * returns a promise, so the parsed examples replace those of the body. Rejects with InputError.
 */
async function parseExamplesInPlace(body: unknown): Promise<void> {
  const outline = examplesOutline.safeParse(body);
  if (!outline.success) {
    throw new InputError({
      message: 'The body is not a list of examples. Send {"examples": [ … ]} with at least one labelled ticket.',
      issues: outline.error.issues.map(({ path, message }) => ({ path: z.core.toDotPath(path), message })),
      cause: outline.error,
    });
  }
  const { examples } = outline.data;
  if (examples.length > MAX_EXAMPLES) {
    const message = `${examples.length} examples were sent. The limit is ${MAX_EXAMPLES} at once`;
    throw new InputError({ message: `${message}; send the rest later.`, issues: [{ path: 'examples', message }] });
  }
  const issues: { path: string; message: string }[] = [];
  let wrong = 0;
  const parse = (example: unknown, index: number): LabelledTicket | null => {
    try {
      return parseLabelledTicket(example);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (wrong < MAX_NAMED_EXAMPLES) {
        issues.push(
          ...error.issues.map(({ path, message }) => ({ path: pathWithin(`examples[${index}]`, path), message })),
        );
      }
      wrong++;
      return null;
    }
  };
  const parsed = await runStepsInTurns(mapSteps(examples, parse, () => EXAMPLE_WEIGHT));
  if (wrong === 0) {
    for (const [index, example] of parsed.entries()) examples[index] = example;
    return;
  }
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new InputError({
    message: `${wrong} of ${count(examples.length, 'example')} ${wrong === 1 ? 'is not a labelled ticket' : 'are not labelled tickets'}: ${list}. Nothing was imported; correct them and send them again.`,
    issues,
  });
}

const pathWithin = (parent: string, path: string) => (path === '' ? parent : `${parent}.${path}`);

const heldOutSchema = engineCalibrationSchema.shape.heldOut.element;
/** The held-out answers are not walked by the schema: it would describe the fault of each of a million wrong ones. */
const calibrationOutline = engineCalibrationSchema.extend({
  heldOut: z.custom<unknown[]>((value) => Array.isArray(value), 'must be a list'),
});
/** Features of an answer that a calibration may go by; there are far fewer. */
const MAX_FEATURES = 100;

function parseCalibrationBody(body: unknown): EngineCalibration {
  const long = [['features'], ['mean'], ['deviation'], ['logistic', 'weights']].find((path) => {
    const list = path.reduce<unknown>((part, key) => (isObject(part) ? Reflect.get(part, key) : undefined), body);
    return Array.isArray(list) && list.length > MAX_FEATURES;
  });
  if (long !== undefined) throw refuseCalibration(long, `has more than ${MAX_FEATURES} entries`);
  const outline = calibrationOutline.safeParse(body);
  if (!outline.success) {
    const [first] = outline.error.issues;
    throw refuseCalibration(first?.path ?? [], first?.message ?? 'is wrong');
  }
  const heldOut = outline.data.heldOut.map((answer, index) => {
    const parsed = heldOutSchema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const [first] = parsed.error.issues;
    throw refuseCalibration(['heldOut', index, ...(first?.path ?? [])], first?.message ?? 'is wrong');
  });
  return { ...outline.data, heldOut };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function refuseCalibration(path: readonly PropertyKey[], fault: string): InputError {
  const name = z.core.toDotPath(path);
  return new InputError({
    message: `The body is not a calibration: ${name === '' ? fault : `${name}: ${fault}`}. Send the content of calibration/ENGINE.json in the data folder, as "switchboard calibrate" wrote it.`,
    issues: [{ path: name, message: fault }],
  });
}

import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { count } from '../base/plural.ts';
import { InputError } from '../errors.ts';
import { parseIncomingTicket, parseLabelledTicket } from '../ticket/parse-ticket.ts';
import type { LabelledTicket } from '../ticket/ticket.ts';
import { assertTicketFields } from './assert-ticket-fields.ts';
import { examplesBodySchema, incomingTicketBodySchema, MAX_EXAMPLES } from './contract.ts';

/**
 * Validates the body of a ticket or of examples with the ticket parsers instead of the plain schemas: they also repair
 * what can be repaired, and check sizes before contents. Every other request is validated by its schema.
 */
export const validateRequest: typeof validatorCompiler = (route) => {
  if (route.schema === incomingTicketBodySchema) return validate(parseTicketBody);
  if (route.schema === examplesBodySchema) return validate(parseExamplesBody);
  return validatorCompiler(route);
};

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

const examplesOutline = z.strictObject({ examples: z.array(z.unknown()).min(1) });
/** At most this many wrong examples are listed in the message. */
const MAX_NAMED_EXAMPLES = 20;

function parseExamplesBody(body: unknown): { examples: LabelledTicket[] } {
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
  const parsed = examples.flatMap((example, index) => {
    try {
      return [parseLabelledTicket(example)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (wrong < MAX_NAMED_EXAMPLES) {
        issues.push(
          ...error.issues.map(({ path, message }) => ({ path: pathWithin(`examples[${index}]`, path), message })),
        );
      }
      wrong++;
      return [];
    }
  });
  if (wrong === 0) return { examples: parsed };
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new InputError({
    message: `${wrong} of ${count(examples.length, 'example')} ${wrong === 1 ? 'is not a labelled ticket' : 'are not labelled tickets'}: ${list}. Nothing was imported; correct them and send them again.`,
    issues,
  });
}

const pathWithin = (parent: string, path: string) => (path === '' ? parent : `${parent}.${path}`);

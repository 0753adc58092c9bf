import { z } from 'zod';

/** One entry of what the validator of the routes found: a zod issue, with its details in `params`. */
const faultSchema = z.object({
  keyword: z.string(),
  message: z.string(),
  params: z.object({
    origin: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    inclusive: z.boolean().optional(),
    expected: z.string().optional(),
    values: z.array(z.unknown()).optional(),
    keys: z.array(z.string()).optional(),
  }),
});

/** Start of zod's default messages. A message that a schema gives itself says more and is kept. */
const wordsOfZod = /^(?:Invalid|Too (?:small|big)|Unrecognized)/;

/** Says in plain words what is wrong with one field of a request, to be read after the name of the field. */
export function explainFault(entry: unknown): string {
  const parsed = faultSchema.safeParse(entry);
  if (!parsed.success) return ownMessage(entry);
  const { keyword, message, params } = parsed.data;
  if (!wordsOfZod.test(message)) return message;
  const { origin = '', minimum, maximum, inclusive = true, expected = '', values = [], keys = [] } = params;
  if (keyword === 'too_big' && maximum !== undefined) {
    return `must ${inclusive ? 'be at most' : 'be less than'} ${maximum}${unitOf(origin)}`;
  }
  if (keyword === 'too_small' && minimum !== undefined) {
    return `must ${inclusive ? 'be at least' : 'be more than'} ${minimum}${unitOf(origin)}`;
  }
  if (keyword === 'invalid_value' && values.length > 0) return `must be ${values.map(String).join(' or ')}`;
  if (keyword === 'unrecognized_keys' && keys.length > 0) {
    return `${keys.map((key) => `"${key}"`).join(', ')} ${keys.length === 1 ? 'is not a known field' : 'are not known fields'}`;
  }
  if (keyword === 'invalid_type') return `must be ${nameOfType[expected] ?? expected}`;
  return message;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

const nameOfType: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
};

function ownMessage(entry: unknown): string {
  const { message }: { message?: unknown } = typeof entry === 'object' && entry !== null ? entry : {};
  return String(message ?? 'is not valid');
}

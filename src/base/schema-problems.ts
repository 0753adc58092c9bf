import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { formatDataPath, type Located, type Path } from './located-yaml.ts';
import { knownKeys } from './schema-outline.ts';

type Issue = z.core.$ZodIssue;

/** Turns zod issues into problems with line and cure. `schema` is used to suggest the right keys and values. */
export function problemsFromIssues(options: {
  issues: readonly Issue[];
  located: Located;
  schema: z.ZodType;
  /** Name of the whole value in messages. Default: `the file`. */
  rootName?: string;
  /** Cures, by path, for fields that people often write in the wrong place. */
  misplaced?: Readonly<Record<string, string>>;
}): Problem[] {
  const { located, rootName = 'the file', misplaced = {} } = options;
  const outline: unknown = z.toJSONSchema(options.schema, { io: 'input', unrepresentable: 'any' });
  return options.issues
    .flatMap((issue) => flatten(issue, []))
    .flatMap((issue): Problem[] => {
      const name = formatDataPath(issue.path);
      if (issue.code === 'unrecognized_keys') {
        const known = knownKeys(outline, issue.path, located.value);
        return issue.keys.map((key) => ({
          ...located.locateKey([...issue.path, key]),
          message: `${formatDataPath([...issue.path, key])} is not a known field`,
          cure:
            misplaced[formatDataPath([...issue.path, key])] ??
            suggest(key, known) ??
            (known.length > 0 ? `Known here: ${known.join(', ')}.` : 'Remove it.'),
        }));
      }
      if (issue.code === 'invalid_key') {
        const described = issue.issues.map((inner) => describe(inner, name, issue.path.at(-1)));
        return described.map((problem) => ({ ...located.locateKey(issue.path), ...problem }));
      }
      const { message, cure } = describe(issue, name === '' ? rootName : name, valueAt(located.value, issue.path));
      return [{ ...located.locate(issue.path), message, cure }];
    });
}

/** For a union, keeps the issues of the branch that fits best: the deepest issues, then the fewest. */
function flatten(issue: Issue, parent: Path): Issue[] {
  const path = [...parent, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ ...issue, path }];
  if (hasOwnWords(issue)) return [{ code: 'custom', path, message: issue.message, input: issue.input }];
  if (issue.errors.length === 0) return [{ ...issue, path }];
  const branches = issue.errors.map((branch) => branch.flatMap((inner) => flatten(inner, path)));
  const depth = (branch: Issue[]) => Math.max(...branch.map((inner) => inner.path.length));
  const right = (branch: Issue[]) =>
    branch.some((inner) => inner.code === 'invalid_type' && inner.path.length === path.length) ? 1 : 0;
  const [nearest] = branches.toSorted((a, b) => right(a) - right(b) || depth(b) - depth(a) || a.length - b.length);
  // If every branch refused the type itself, list the types that all of them expect.
  if (nearest === undefined || branches.every((branch) => right(branch) === 1)) {
    const expected = branches.flatMap((branch) =>
      branch.flatMap((inner) => (inner.code === 'invalid_type' ? [article(inner.expected)] : [])),
    );
    return [{ code: 'custom', path, message: `must be ${[...new Set(expected)].join(' or ')}`, input: issue.input }];
  }
  return nearest;
}

function describe(issue: Issue, name: string, value: unknown): { message: string; cure: string } {
  switch (issue.code) {
    case 'invalid_type':
      if (hasOwnWords(issue)) return inOwnWords(issue, name);
      return issue.message.endsWith('received undefined')
        ? { message: `${name} is missing`, cure: `Add it; it must be ${article(issue.expected)}.` }
        : {
            message: `${name} must be ${article(issue.expected)}${isShown(issue.expected, value) ? `, not ${shown(value)}` : received(issue)}`,
            cure: exampleOf(issue.expected),
          };
    case 'invalid_value': {
      const words = issue.values.map(String);
      return { message: `${name} is ${shown(value)}`, cure: `Write one of ${words.join(', ')}.` };
    }
    case 'invalid_union': {
      // The field that selects a member of the union is missing, or has an unknown value.
      const words = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
      const list = `Write one of ${words.join(', ')}.`;
      if (value === undefined) return { message: `${name} is missing`, cure: list };
      return { message: `${name} is ${shown(value)}`, cure: suggest(String(value), words) ?? list };
    }
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? { message: `${name} is empty`, cure: 'Fill it in.' }
        : {
            message: `${name} is ${shown(value)}`,
            cure: hasOwnWords(issue)
              ? sentence(issue.message)
              : `It must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}.`,
          };
    case 'too_big':
      return {
        message: `${name} is ${issue.origin === 'string' ? 'too long' : shown(value)}`,
        cure: hasOwnWords(issue) ? sentence(issue.message) : `The limit is ${issue.maximum}.`,
      };
    case 'invalid_format':
      return {
        message: `${name} is ${shown(value)}`,
        cure: hasOwnWords(issue) ? `Write ${issue.message}.` : (formatCures[issue.format] ?? `Write ${issue.format}.`),
      };
    default:
      return inOwnWords(issue, name);
  }
}

function inOwnWords(issue: Issue, name: string): { message: string; cure: string } {
  const [found, ...cure] = issue.message.split('. ');
  return { message: `${name}: ${found}`, cure: cure.length === 0 ? 'Change the value.' : sentence(cure.join('. ')) };
}

/** Start of zod's default messages, which a schema gives when it has no message of its own. */
const wordsOfZod = /^(?:Invalid|Too (?:small|big)|Unrecognized)/;

/** True when the schema has its own message, perhaps with the cure as a second sentence. */
function hasOwnWords(issue: Issue): boolean {
  return !wordsOfZod.test(issue.message);
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

/** A text is only shown when a number or boolean was expected: any other text may be a customer's. */
function isShown(expected: string, value: unknown): boolean {
  if (typeof value === 'string') return ['number', 'int', 'boolean'].includes(expected);
  return typeof value === 'number' || typeof value === 'boolean';
}

/** What to do about texts of a wrong form, where the schema says nothing itself. Every address that we ask for is one of HTTP. */
const formatCures: Readonly<Record<string, string>> = {
  url: 'It must begin with http:// or https://, for example https://desk.example.com.',
  email: 'Write an e-mail address, for example ana@example.com.',
};

const examples: Readonly<Record<string, string>> = {
  string: 'Put it in quotes, for example "billing".',
  number: 'Write it without quotes or unit, for example 3.',
  int: 'Write it without quotes or unit, for example 3.',
  boolean: 'Write true or false, without quotes.',
  array: 'Write it as a list, for example [a, b].',
  object: 'Write its fields as a map of `name: value`.',
  record: 'Write its fields as a map of `name: value`.',
};

function exampleOf(expected: string): string {
  return examples[expected] ?? 'Change the value.';
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, part) => (isObject(found) ? Reflect.get(found, part) : undefined), value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function received(issue: Issue): string {
  const match = /received (\w+)$/.exec(issue.message);
  return match === null ? '' : `, not ${article(match[1] ?? '')}`;
}

const articles: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map of fields',
  null: 'empty',
  undefined: 'missing',
};

function article(type: string): string {
  return articles[type] ?? type;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Returns `Did you mean "billing"?` when a known word is similar, else null. */
export function suggest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === null ? null : `Did you mean "${best}"?`;
}

/** Levenshtein distance; stops counting at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? limit;
}

// Test double: replaces Claude's judgement by counting words. It says nothing about how Claude classifies.
import type { FakeBody } from './fake-claude-request.ts';

/** A request, as passed to the function that answers it. */
export type FakeQuestion = {
  readonly body: FakeBody;
  readonly system: string;
  /** The whole text after the cache breakpoint. */
  readonly message: string;
  /** The text inside the ticket's fence. */
  readonly ticket: string;
  /** Values of the `intent` enum; in the XML style, read from the fixed part of the prompt. */
  readonly labels: readonly string[];
  /** Fields that the answer must contain. */
  readonly required: readonly string[];
};

export function readQuestion(body: FakeBody): FakeQuestion {
  const system = textOf(body.system ?? '');
  const message = body.messages.map(({ content }) => textOf(content)).join('\n');
  const schema: unknown = body.output_config?.format?.schema;
  const fromSchema = enumOf(schema);
  return {
    body,
    system,
    message,
    ticket: /<ticket>\n([\s\S]*)\n<\/ticket>/.exec(message)?.[1] ?? message,
    labels:
      fromSchema.length > 0
        ? fromSchema
        : [...system.matchAll(/^- ([\p{L}\p{N}_]+)/gmu)].map((match) => match[1] ?? ''),
    required: requiredOf(schema),
  };
}

const textOf = (content: string | readonly { readonly text: string }[]): string =>
  typeof content === 'string' ? content : content.map(({ text }) => text).join('\n');

function enumOf(schema: unknown): string[] {
  const values: unknown = pick(schema, ['$defs', 'intent', 'enum']);
  return Array.isArray(values) ? values.map(String) : [];
}

function requiredOf(schema: unknown): string[] {
  const values: unknown = pick(schema, ['required']);
  return Array.isArray(values) ? values.map(String) : [];
}

function pick(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? Object.entries(at).find(([name]) => name === key)?.[1] : undefined,
    value,
  );
}

const NO_LABEL: { readonly label: string; readonly shared: readonly string[] } = { label: '', shared: [] };

/** Picks the label that shares most words with the ticket. For trying things by hand; it does not imitate Claude. */
export function answerByWordOverlap(question: FakeQuestion): Record<string, unknown> {
  const words = new Set(question.ticket.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
  const scored = question.labels.map((label) => {
    const about = `${label.replaceAll('_', ' ')} ${descriptionOf({ system: question.system, label })}`;
    const own = new Set(about.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
    return { label, shared: [...own].filter((word) => words.has(word)) };
  });
  const [first] = scored;
  const best = scored.reduce(
    (one, other) => (other.shared.length > one.shared.length ? other : one),
    first ?? NO_LABEL,
  );
  return {
    reasoning: `Test double: shares ${best.shared.length} words with the description of ${best.label}.`,
    words: best.shared.slice(0, 2),
    intent: best.label,
    urgency: 'normal',
    sentiment: 'neutral',
    certainty: best.shared.length > 1 ? 'likely' : 'unsure',
  };
}

function descriptionOf({ system, label }: { system: string; label: string }): string {
  const start = system.indexOf(`\n- ${label}`);
  if (start < 0) return '';
  const end = system.indexOf('\n-', start + 3);
  return system.slice(start, end < 0 ? start + 2_000 : end);
}

/** Writes the answer in the format of the request: JSON with only the fields of the schema, or tags. */
export function writeAnswer({ answer, question }: { answer: unknown; question: FakeQuestion }): string {
  if (typeof answer === 'string') return answer;
  const fields = Object.entries(Object(answer)).filter(([, value]) => value !== undefined);
  const schema = question.body.output_config?.format?.schema;
  if (schema !== undefined) {
    const known = Object.keys(Object(schema.properties));
    return JSON.stringify(Object.fromEntries(known.flatMap((name) => fields.filter(([key]) => key === name))));
  }
  return fields
    .flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map((item) => `<${key}>${String(item)}</${key}>`),
    )
    .join('\n');
}

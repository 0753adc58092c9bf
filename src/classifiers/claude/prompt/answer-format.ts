import { urgencies } from '../../../ticket/ticket.ts';
import { certainties, sentiments } from '../../classifier.ts';
import type { Labels } from '../labels.ts';

/** `full` for an answer that may choose a leaf, `branch` for one that only chooses where to go on. */
export type AnswerKind = 'full' | 'branch';

const text = { type: 'string' } as const;
const label = { $ref: '#/$defs/intent' } as const;
const labelList = { type: 'array', items: label } as const;

/**
 * JSON schema of the answer. The same labels give the same bytes, so that the API can reuse the compiled grammar and
 * the prompt cache. Required keys come first in the output, in this order, so that the model writes the reasoning
 * before the intent. Keys that most answers do not need are optional, to save tokens.
 */
export function answerSchema({
  labels,
  kind,
}: {
  labels: Labels;
  kind: AnswerKind;
}): Readonly<Record<string, unknown>> {
  const intent = { type: 'string', enum: labels.all };
  const certainty = { type: 'string', enum: certainties };
  const shared = { $defs: { intent }, additionalProperties: false };
  if (kind === 'branch') {
    return {
      type: 'object',
      properties: { reasoning: text, intent: label, certainty, missing: text },
      required: ['reasoning', 'intent', 'certainty'],
      ...shared,
    };
  }
  return {
    type: 'object',
    properties: {
      reasoning: text,
      words: { type: 'array', items: text },
      intent: label,
      urgency: { type: 'string', enum: urgencies },
      sentiment: { type: 'string', enum: sentiments },
      certainty,
      runners_up: labelList,
      also: labelList,
      missing: text,
    },
    required: ['reasoning', 'words', 'intent', 'urgency', 'sentiment', 'certainty'],
    ...shared,
  };
}

const meanings = {
  reasoning:
    'for the agent who reads the ticket: one sentence of at most 25 words that says what the customer needs and why this intent, in the language of the intents above; do not retell the ticket',
  words:
    'the shortest phrase of the ticket that decided it, a second one only if both are needed, copied letter by letter from between the ticket tags',
  intent: 'one label from the list',
  urgency:
    'critical: danger, or damage that grows by the hour; high: cannot go on, or a deadline within a day; normal: wants an answer as usual; low: no hurry. Judge by the facts, not by capitals or the word urgent',
  sentiment: 'tone: negative, neutral or positive',
  certainty:
    'sure: the ticket says it; likely: the best reading, another is possible; unsure: two intents fit about as well; none_fits: see rule 4',
  runners_up: 'only when not sure: at most two other labels, the likelier first',
  also: 'only with several issues: labels of the secondary ones',
  missing: 'only with none_fits: what would have to be known, at most 15 words',
} as const;

const keysOf: Readonly<Record<AnswerKind, readonly (keyof typeof meanings)[]>> = {
  full: ['reasoning', 'words', 'intent', 'urgency', 'sentiment', 'certainty', 'runners_up', 'also', 'missing'],
  branch: ['reasoning', 'intent', 'certainty', 'missing'],
};

/**
 * Explains the answer to the model, for structured outputs (`json`) or for models and gateways without them (`xml`).
 */
export function answerText({ kind, output }: { kind: AnswerKind; output: 'json' | 'xml' }): string {
  const keys = keysOf[kind].map((key) => `${key}: ${meanings[key]}`);
  if (output === 'json') return ['# Answer', 'JSON, with these keys:', ...keys].join('\n');
  return [
    '# Answer',
    'Tags, in this order and nothing else. Leave out the tags marked "only" when they do not apply; repeat a tag to give several.',
    ...keys.map((key) => `<${key.slice(0, key.indexOf(':'))}> ${key.slice(key.indexOf(':') + 2)}`),
    'Form: <reasoning>…</reasoning><intent>…</intent> and so on, each tag closed.',
  ].join('\n');
}

// Shared by tests of the Claude engine: a small taxonomy, settings, examples, and a connection to the fake.
import type { Classification } from '../classifiers/classifier.ts';
import { noUsage } from '../classifiers/classifier.ts';
import type { ClaudeSettings } from '../classifiers/claude/settings.ts';
import type { EmbeddedEngine } from '../classifiers/opinion.ts';
import type { Example, ExampleIndex, FoundExample } from '../classifiers/retrieval/example-index.ts';
import { parseTaxonomy } from '../taxonomy/parse-taxonomy.ts';

export const shopTaxonomy = parseTaxonomy({
  file: 'shop.yaml',
  text: `
name: A shop
priority: [billing/double-charge, orders]
intents:
  - id: billing
    name: Billing
    description: Money that was or will be charged.
    instructions: Money already taken is double-charge, papers are invoices.
    children:
      - id: billing/double-charge
        name: Double charge
        description: The customer was charged twice or too much and wants it back.
        excludes: ["They send goods back: orders/returns wins."]
      - { id: billing/invoices, name: Invoices, description: A copy or a correction of an invoice. }
  - id: orders
    name: Orders
    description: What was ordered, where it is, and sending it back.
    children:
      - { id: orders/order-status, name: Order status, description: Where an order is and when it comes. }
      - { id: orders/returns, name: Returns, description: Sending goods back for money or exchange. }
  - id: complaints
    name: Complaints
    description: The grievance itself is all that the ticket brings.
`,
});

export const claudeSettings: ClaudeSettings = {
  model: 'claude-haiku-5-5',
  effort: 'low',
  thinking: 'disabled',
  output: 'json',
  strategy: 'auto',
  deadlineMs: 5_000,
  dailyBudgetUsd: null,
  instructions: '',
  hint: 'auto',
  prices: {},
};

/** A possible answer to a ticket about a double charge. */
export const goodAnswer = {
  reasoning: 'The customer was charged twice for one order and wants the second charge back.',
  words: ['charged twice'],
  intent: 'double_charge',
  urgency: 'normal',
  sentiment: 'negative',
  certainty: 'sure',
};

export const chargedTwice = {
  id: 't-1',
  subject: 'Money',
  body: 'I was charged twice for order 5512.',
  language: 'en',
};

export function example(id: string, intent: string, body: string, rationale?: string): Example {
  return { id, intent, body, ...(rationale === undefined ? {} : { rationale }) };
}

/** An index that always finds the given examples. */
export function indexOf(found: readonly FoundExample[]): ExampleIndex {
  return {
    version: 'examples-1',
    search: async () => ({ found, neighbours: found.map(({ example: { intent } }) => ({ intent })), byMeaning: true }),
    upsert: async () => undefined,
    remove: async () => undefined,
  };
}

/** Replaces the embedded engine; always returns the same answer, and has no opinion. */
export function localAnswering(classification: Partial<Classification> = {}): EmbeddedEngine {
  return {
    id: 'local',
    heldOut: null,
    opinionOf: async () => null,
    classify: async ({ taxonomy }) => ({
      intent: 'orders/order-status',
      confidence: 0.4,
      abstained: false,
      abstainReason: null,
      reasoning: 'From the embedded engine.',
      decidingWords: [],
      runnersUp: [],
      nearestExamples: [],
      secondaryIntents: [],
      urgency: null,
      sentiment: null,
      language: 'en',
      stage: 'local',
      stageReason: 'asked',
      model: 'embedded',
      versions: { taxonomy: taxonomy.version, prompt: null, examples: 'examples-1', thresholds: null },
      usage: noUsage,
      costUsd: 0,
      latencyMs: 1,
      ...classification,
    }),
  };
}

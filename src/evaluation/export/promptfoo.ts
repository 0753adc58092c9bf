import type { Classification } from '../../classifiers/classifier.ts';
import { parseIncomingTicket } from '../../ticket/parse-ticket.ts';
import type { IncomingTicket, LabelledTicket } from '../../ticket/ticket.ts';
import { bareTicket } from '../dataset/bare-ticket.ts';

// promptfoo is not a dependency: these types follow its documentation (custom JavaScript providers, test cases).

/** What a provider's `callApi` must return. */
export type PromptfooResponse = {
  readonly output?: string;
  readonly error?: string;
  readonly tokenUsage?: {
    readonly total: number;
    readonly prompt: number;
    readonly completion: number;
    readonly cached: number;
  };
  readonly cost?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** A custom provider of promptfoo. */
export type PromptfooProvider = {
  id(): string;
  callApi(prompt: string): Promise<PromptfooResponse>;
};

export const ABSTAINED = 'abstained';

/**
 * Lets promptfoo ask Switchboard. The prompt is a ticket as JSON, or just its text; the output is the intent, or
 * `abstained` when the engine abstained.
 */
export function createPromptfooProvider(switchboard: {
  classify(ticket: IncomingTicket): Promise<Classification>;
}): PromptfooProvider {
  return {
    id: () => 'switchboard',
    async callApi(prompt) {
      try {
        return mapClassification(await switchboard.classify(parseTicket(prompt)));
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function mapClassification(classification: Classification): PromptfooResponse {
  const { usage, confidence, intent, abstained, reasoning, stage, costUsd } = classification;
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const completion = usage.outputTokens;
  return {
    output: abstained || intent === null ? ABSTAINED : intent,
    tokenUsage: { total: prompt + completion, prompt, completion, cached: usage.cacheReadTokens },
    cost: costUsd,
    metadata: { intent, confidence, abstained, reasoning, stage },
  };
}

/** A prompt that starts with a brace but is not a ticket is taken as text. */
function parseTicket(prompt: string): IncomingTicket {
  try {
    return parseIncomingTicket(JSON.parse(prompt));
  } catch {
    return parseIncomingTicket({ body: prompt });
  }
}

/** Writes a promptfoo configuration, as JSON, that asks every ticket and expects its intent. */
export function exportPromptfoo(options: {
  readonly description: string;
  readonly tickets: readonly LabelledTicket[];
  /** Path of the module with the provider, relative to the configuration. */
  readonly provider: string;
}) {
  return {
    description: options.description,
    prompts: ['{{ticket}}'],
    providers: [`file://${options.provider}`],
    tests: options.tickets.map((labelled) => ({
      description: labelled.id,
      vars: { ticket: JSON.stringify(bareTicket(labelled)) },
      assert: [{ type: 'equals', value: labelled.intent ?? ABSTAINED }],
      metadata: { slices: labelled.slices ?? [], variantOf: labelled.variantOf ?? null },
    })),
  };
}

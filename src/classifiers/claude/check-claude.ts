import type Anthropic from '@anthropic-ai/sdk';
import { startDeadline } from '../../base/deadline.ts';
import { type Saying, say, sayAll, verbatim, withText } from '../../base/say.ts';
import { parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import type { ModelFailure } from '../model-api/model-failure.ts';
import { buildRequest } from './build-request.ts';
import { askClaude } from './call/ask-claude.ts';
import type { ClaudeConnection } from './call/connection.ts';
import { explainClaudeError } from './call/explain-claude-error.ts';
import { priceFor } from './cost.ts';
import { createPromptBook } from './prompt-book.ts';
import type { ClaudeSettings } from './settings.ts';

export type ClaudeCheck = {
  readonly check: 'claude answer' | 'claude model' | 'claude features' | 'claude price';
  /** `note`: not an error, but worth knowing. */
  readonly status: 'ok' | 'note' | 'failed';
  /** What was found and, where it failed, what to do. */
  readonly detail: string;
  /** The same as facts; missing for the words of the service. */
  readonly detailFacts?: Saying['facts'];
};

export type ClaudeHealth = {
  readonly checks: readonly ClaudeCheck[];
  /** Cost of the check itself. */
  readonly costUsd: number;
  readonly latencyMs: number;
};

/** A made-up ticket and a tree of two intents: enough to check key, model and answer format for little money. */
const trialTaxonomy = parseTaxonomy({
  file: 'trial',
  text: `
name: Switchboard's self-check
intents:
  - { id: billing, name: Billing, description: Money that was or will be charged. }
  - { id: orders, name: Orders, description: Where an order is. }
`,
});
const trialTicket = { id: 'self-check', body: 'I was charged twice for the same order.' };

/**
 * Checks key, model and features with one cheap call (about 0.0002 USD with Haiku 5.5) and reports its cost. The
 * request for the model's data is free. Never throws: faults are in `checks`.
 */
export async function checkClaude(options: {
  connection: ClaudeConnection;
  settings: ClaudeSettings;
}): Promise<ClaudeHealth> {
  const { connection, settings } = options;
  const model = await checkModel({ client: connection.client, settings });
  const startedAt = performance.now();
  const book = createPromptBook({ taxonomy: trialTaxonomy, settings: { ...settings, strategy: 'flat' } });
  using deadline = startDeadline({ timeoutMs: settings.deadlineMs });
  const result = await askClaude({
    connection,
    purpose: 'check',
    request: buildRequest({ book, ticket: trialTicket, found: [], redact: null }),
    deadline,
    prices: settings.prices,
  });
  const { usage, costUsd } = result.spent;
  const latencyMs = performance.now() - startedAt;
  const figures = `${Math.round(latencyMs)} ms, ${usage.outputTokens} tokens out, $${costUsd.toFixed(6)}`;
  const call: ClaudeCheck = result.ok
    ? {
        check: 'claude answer',
        status: 'ok',
        ...detailOf(
          say(
            'doctor.claude-answered',
            `${settings.model} answered "${result.answer.choice.id}" in the ${settings.output} style (${figures})`,
            { model: settings.model, ms: Math.round(latencyMs), costUsd },
          ),
        ),
      }
    : {
        check: 'claude answer',
        status: 'failed',
        ...detailOf(describeSilence(result.failure)),
      };
  return { checks: [call, ...model, priceCheck(settings)], costUsd, latencyMs };
}

const hasAllFeatures = say('doctor.all-features', 'has every feature that the configuration needs');

const detailOf = ({ text, facts }: Saying) => ({ detail: text, detailFacts: facts });

/** What the service says, and what to do, stays beside the kind of the failure. */
function describeSilence({ kind, detail, cure }: ModelFailure): Saying {
  const text = `${detail}. ${cure ?? 'The embedded engine answers meanwhile.'}`;
  const kindOf = say('doctor.claude-silent', `no answer: ${text}`, { failure: kind });
  return withText(sayAll([kindOf, verbatim(text)]), kindOf.text);
}

async function checkModel({
  client,
  settings,
}: {
  client: Anthropic;
  settings: ClaudeSettings;
}): Promise<ClaudeCheck[]> {
  try {
    const model = await client.models.retrieve(settings.model, undefined, {
      signal: AbortSignal.timeout(Math.min(settings.deadlineMs, 10_000)),
    });
    const lacks = missingFeatures({ capabilities: model.capabilities, settings });
    return [
      {
        check: 'claude model',
        status: model.retires_at === null ? 'ok' : 'note',
        detail: `${model.display_name}${model.retires_at === null ? '' : `, retires at ${model.retires_at}`}`,
      },
      {
        check: 'claude features',
        status: lacks.length === 0 ? 'ok' : 'failed',
        ...(lacks.length === 0 ? detailOf(hasAllFeatures) : { detail: lacks.join(' ') }),
      },
    ];
  } catch (error) {
    // Gateways often have no list of models; the call above says whether the model answers.
    return [
      {
        check: 'claude model',
        status: 'note',
        detail: `the list of models could not be read: ${explainClaudeError(error).detail}`,
      },
    ];
  }
}

function missingFeatures({
  capabilities,
  settings,
}: {
  capabilities: Anthropic.ModelInfo['capabilities'];
  settings: ClaudeSettings;
}): string[] {
  if (capabilities === null) return [];
  const lacks: string[] = [];
  if (settings.output === 'json' && !capabilities.structured_outputs.supported) {
    lacks.push('Structured outputs are not supported: set claude.output to xml.');
  }
  if (settings.thinking === 'adaptive' && !capabilities.thinking.types.adaptive.supported) {
    lacks.push('Adaptive thinking is not supported: set claude.thinking to disabled.');
  }
  return lacks;
}

function priceCheck({ model, prices }: ClaudeSettings): ClaudeCheck {
  const price = priceFor({ model, prices, promptTokens: 0 });
  if (price === null) {
    return {
      check: 'claude price',
      status: 'note',
      ...detailOf(
        say(
          'doctor.no-price',
          `no price is known for ${model}, so its cost counts as 0. Add claude.prices: { ${model}: { input: …, output: … } }.`,
          { model },
        ),
      ),
    };
  }
  const { input, output } = price;
  const text = `$${input} in, $${output} out per million tokens`;
  return { check: 'claude price', status: 'ok', ...detailOf(say('doctor.price', text, { input, output })) };
}

import type { Message } from '@anthropic-ai/sdk/resources/messages';
import { type Deadline, raceSignal } from '../../../base/deadline.ts';
import { type CallResult, callModel, promptRetries, type Reading } from '../../model-api/call-model.ts';
import { modelFailure } from '../../model-api/model-failure.ts';
import type { SpendPurpose } from '../../model-api/spend-ledger.ts';
import type { ClaudeRequest } from '../build-request.ts';
import { costOf, priceFor } from '../cost.ts';
import { estimateTokens } from '../estimate-tokens.ts';
import { type Answer, parseReply, type UnreadableKind } from '../parse-reply.ts';
import { mapUsage } from '../reply-message.ts';
import type { ModelPrice } from '../settings.ts';
import type { ClaudeConnection } from './connection.ts';
import { explainClaudeError } from './explain-claude-error.ts';

/** How much more room an answer gets after it was cut off. */
const MORE_ROOM_FACTOR = 4;

export type AskOptions = {
  readonly connection: ClaudeConnection;
  readonly request: ClaudeRequest;
  readonly purpose: SpendPurpose;
  readonly deadline: Deadline;
  readonly prices: Readonly<Record<string, ModelPrice>>;
};

/** Whether another attempt may help after a reply of this kind. */
const isRetryable: Readonly<Record<UnreadableKind, boolean>> = {
  truncated: true,
  empty: true,
  invalid: true,
  'unknown-intent': true,
  refusal: false, // the same request is usually refused again
  'too-long': false,
};

/** Asks Claude one question about a ticket. After an answer that was cut off, the next attempt allows more tokens. */
export async function askClaude(options: AskOptions): Promise<CallResult<Answer>> {
  const { connection, purpose, deadline, prices } = options;
  const { model } = options.request.params;
  let { request } = options;
  return callModel<Message, Answer>({
    account: connection.account,
    model,
    purpose,
    deadline,
    retries: promptRetries,
    estimatedUsd: estimateCost({ request, prices }),
    send: (attempt) => sendWarm({ connection, request, attempt }),
    measure: (message) => {
      const { usage, cacheWriteOneHourTokens } = mapUsage(message);
      return { usage, costUsd: costOf({ model, usage, prices, cacheWriteOneHourTokens }) ?? 0 };
    },
    read: (message): Reading<Answer> => {
      const reading = parseReply({ message, request });
      if (reading.ok) return reading;
      if (reading.kind === 'truncated') request = withMoreRoom(request);
      const kind = reading.kind === 'refusal' ? 'declined' : 'unreadable';
      return {
        ok: false,
        failure: modelFailure({ kind, detail: reading.detail, retryable: isRetryable[reading.kind] }),
      };
    },
    explain: explainClaudeError,
  });
}

function withMoreRoom(request: ClaudeRequest): ClaudeRequest {
  return { ...request, params: { ...request.params, max_tokens: request.params.max_tokens * MORE_ROOM_FACTOR } };
}

/** Sends the request. The first one with a prompt writes the prompt to the cache, and the others wait for that. */
async function sendWarm(options: {
  connection: ClaudeConnection;
  request: ClaudeRequest;
  attempt: { readonly signal: AbortSignal; readonly timeoutMs: number };
}): Promise<Message> {
  const { connection, request } = options;
  const { signal, timeoutMs } = options.attempt;
  const warm = await connection.warmUp.enter({ key: request.question.cacheKey, signal });
  try {
    const work = connection.client.messages.create(request.params, {
      signal,
      timeout: Math.max(1, Math.ceil(timeoutMs)),
      middleware: [
        async (sent, next) => {
          const response = await next(sent);
          warm.began(response.ok);
          return response;
        },
      ],
    });
    return await raceSignal({ work, signal });
  } finally {
    warm.began(false); // no effect when the response has begun
  }
}

/** Estimates the cost of a call in USD, as if nothing were read from the cache and the answer had its usual length. */
function estimateCost({ request, prices }: Pick<AskOptions, 'request' | 'prices'>): number {
  const { model } = request.params;
  const promptTokens = request.question.systemTokens + estimateTokens(request.seenText) + EXAMPLES_TOKENS;
  const price = priceFor({ model, prices, promptTokens });
  if (price === null) return 0;
  return (promptTokens * price.cacheWrite + ANSWER_TOKENS * price.output) / 1e6;
}

// Typical sizes of the retrieved examples and of an answer; used only for the reservation.
const EXAMPLES_TOKENS = 400;
const ANSWER_TOKENS = 150;

import type { Message } from '@anthropic-ai/sdk/resources/messages';
import { startDeadline } from '../../base/deadline.ts';
import { count } from '../../base/plural.ts';
import type { OnProgress } from '../../base/progress.ts';
import type { ClaudeConnection } from '../../classifiers/claude/call/connection.ts';
import { explainClaudeError } from '../../classifiers/claude/call/explain-claude-error.ts';
import { costOf, priceFor } from '../../classifiers/claude/cost.ts';
import { estimateTokens } from '../../classifiers/claude/estimate-tokens.ts';
import { bareModelId } from '../../classifiers/claude/models.ts';
import { mapUsage } from '../../classifiers/claude/reply-message.ts';
import type { ModelPrice } from '../../classifiers/claude/settings.ts';
import { type CallResult, callModel, patientRetries } from '../../classifiers/model-api/call-model.ts';
import type { ModelFailure } from '../../classifiers/model-api/model-failure.ts';
import { createMemoryLedger } from '../../classifiers/model-api/spend-ledger.ts';
import { ClassifierError, UsageError } from '../../errors.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import type { StoredRun } from '../run/run-folder.ts';
import { buildJudgeRequest, JUDGE_PROMPT, readJudgeReply } from './judge-prompt.ts';
import { appendJudgement, type Judgement } from './judgements.ts';
import { ratingTasks } from './rating-tasks.ts';

const CONCURRENCY = 4;
/** Time limit for one explanation, retries included. */
const TIME_LIMIT_MS = 120_000;
/** Expected output of one rating, thinking included: used to reserve its cost before the call. */
const OUTPUT_TOKENS = 1_000;

export type JudgeOptions = {
  readonly run: StoredRun;
  readonly tickets: readonly LabelledTicket[];
  readonly judgements: readonly Judgement[];
  readonly model: string;
  readonly connection: ClaudeConnection;
  readonly prices: Readonly<Record<string, ModelPrice>>;
  /** Limit for all judging of this run, including what earlier calls spent. */
  readonly maxUsd: number | null;
  readonly count?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
};

export type Judging = {
  readonly asked: number;
  readonly rated: number;
  /** Number of explanations in the sample that this judge has not rated. */
  readonly left: number;
  readonly spentUsd: number;
  readonly stopped: 'max-usd' | 'daily-budget' | 'interrupted' | null;
};

/** Throws `UsageError` when the model took part in the run: it may not judge its own explanations. */
export function assertImpartial({ run, model }: { readonly run: StoredRun; readonly model: string }): void {
  const used = new Set([
    ...run.manifest.models,
    ...run.answers.flatMap(({ classification }) => (classification === null ? [] : [classification.model ?? ''])),
  ]);
  const own = [...used].find((one) => bareModelId(one) === bareModelId(model));
  if (own === undefined) return;
  throw new UsageError(
    `${own} is part of the engine of run ${run.manifest.id}, and no model judges its own explanations. Name another with --judge.`,
  );
}

/**
 * Lets a model rate the same sample of explanations that people rate. Each judgement is saved at once and never
 * requested again. Throws `UsageError` when the model took part in the run, or has no price although a limit is set;
 * `ClassifierError` when the model gives no answer.
 */
export async function judgeRun(options: JudgeOptions): Promise<Judging> {
  const { run, model, prices, maxUsd, connection } = options;
  assertImpartial(options);
  if (maxUsd !== null && priceFor({ model, prices, promptTokens: 0 }) === null) {
    throw new UsageError(`There is no price for ${model}, so --max-usd cannot be kept. Set claude.prices.`);
  }
  const before = options.judgements.reduce((sum, { costUsd }) => sum + costUsd, 0);
  // This limit covers all judging of the run, besides the daily budget. Its clock is fixed, so that it never resets.
  const runLedger = createMemoryLedger({ limitUsd: maxUsd, now: () => 0, spentTodayUsd: before });
  const isOwn = (one: Judgement) => one.model === model && one.prompt === JUDGE_PROMPT && one.rating !== null;
  const done = options.judgements.filter(isOwn).map(({ ticketId }) => ({ ticketId, rater: model, rating: 1 }));
  const open = ratingTasks({ run, tickets: options.tickets, ratings: done, rater: model, count: options.count });
  const byId = new Map(options.tickets.map((ticket) => [ticket.id, ticket]));

  const queue = [...open];
  let asked = 0;
  let rated = 0;
  const state: { stopped: Judging['stopped']; failure: ModelFailure | null } = { stopped: null, failure: null };
  const worker = async () => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      if (state.stopped !== null || state.failure !== null) return;
      if (options.signal?.aborted) {
        state.stopped = 'interrupted';
        return;
      }
      const params = buildJudgeRequest({ model, ticket: byId.get(task.ticketId)!, task });
      const usd = estimateUsd({ params, prices });
      const reservation = await runLedger.reserve({ purpose: 'judge', model, usd });
      if (reservation === null) {
        state.stopped = 'max-usd';
        return;
      }
      const result = await ask({ connection, params, prices, usd, signal: options.signal });
      await reservation.settle(result.spent.costUsd);
      if (!result.ok) {
        if (result.failure.kind === 'cancelled') state.stopped = 'interrupted';
        else if (result.failure.kind === 'budget') state.stopped = 'daily-budget';
        else state.failure = result.failure;
        return;
      }
      const reply = readJudgeReply(result.answer);
      const { ticketId } = task;
      const { costUsd } = result.spent;
      await appendJudgement(run.path, { by: 'judge', ticketId, model, prompt: JUDGE_PROMPT, ...reply, costUsd });
      asked += 1;
      if (reply.rating !== null) rated += 1;
      options.onProgress?.({ step: `Asking ${model}`, done: asked, total: open.length });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  if (state.failure !== null) throw failed(state.failure, { model, rated });
  return {
    asked,
    rated,
    left: open.length - rated,
    spentUsd: await runLedger.spentTodayUsd(),
    stopped: state.stopped,
  };
}

type JudgeParams = ReturnType<typeof buildJudgeRequest>;

function estimateUsd({ params, prices }: { params: JudgeParams; prices: JudgeOptions['prices'] }): number {
  const promptTokens = estimateTokens(JSON.stringify([params.system, params.messages]));
  const price = priceFor({ model: params.model, prices, promptTokens });
  return price === null ? 0 : (promptTokens * price.input + OUTPUT_TOKENS * price.output) / 1e6;
}

/** Asks for one rating, with retries. A reply without a rating counts as an answer too. */
async function ask(options: {
  connection: ClaudeConnection;
  params: JudgeParams;
  prices: JudgeOptions['prices'];
  usd: number;
  signal?: AbortSignal | undefined;
}): Promise<CallResult<Message>> {
  const { connection, params, prices, usd } = options;
  const { model } = params;
  using deadline = startDeadline({ timeoutMs: TIME_LIMIT_MS, signal: options.signal });
  return await callModel<Message, Message>({
    account: connection.account,
    model,
    purpose: 'judge',
    estimatedUsd: usd,
    deadline,
    retries: patientRetries,
    send: ({ signal, timeoutMs }) =>
      connection.client.messages.create(params, { signal, timeout: Math.ceil(timeoutMs) }),
    measure: (message) => {
      const { usage, cacheWriteOneHourTokens } = mapUsage(message);
      return { usage, costUsd: costOf({ model, usage, prices, cacheWriteOneHourTokens }) ?? 0 };
    },
    read: (message) => ({ ok: true, answer: message }),
    explain: explainClaudeError,
  });
}

function failed(failure: ModelFailure, { model, rated }: { model: string; rated: number }): ClassifierError {
  const { detail, cure, retryable } = failure;
  return new ClassifierError({
    classifier: model,
    retryable,
    message: `${model} gave no answer: ${detail}. ${cure ?? 'Try again later.'} ${count(rated, 'rating')} of this call ${rated === 1 ? 'is' : 'are'} kept; run the same command again to continue.`,
  });
}

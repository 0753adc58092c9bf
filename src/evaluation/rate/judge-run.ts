import { raceSignal, sleep, startDeadline } from '../../base/deadline.ts';
import type { OnProgress } from '../../base/progress.ts';
import { toCallFailure } from '../../classifiers/claude/call/call-failure.ts';
import type { ClaudeConnection } from '../../classifiers/claude/call/connection.ts';
import { createDailyBudget } from '../../classifiers/claude/call/daily-budget.ts';
import { costOf, priceFor } from '../../classifiers/claude/cost.ts';
import { estimateTokens } from '../../classifiers/claude/estimate-tokens.ts';
import { bareModelId } from '../../classifiers/claude/models.ts';
import { mapUsage } from '../../classifiers/claude/reply-message.ts';
import type { ModelPrice } from '../../classifiers/claude/settings.ts';
import { ClassifierError, UsageError } from '../../errors.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import type { StoredRun } from '../run/run-folder.ts';
import { buildJudgeRequest, JUDGE_PROMPT, readJudgeReply } from './judge-prompt.ts';
import { appendJudgement, type Judgement } from './judgements.ts';
import { ratingTasks } from './rating-tasks.ts';

const CONCURRENCY = 4;
const TIME_LIMIT_MS = 60_000;
const MAX_ATTEMPTS = 3;
const PAUSE_MS = 500;
/** A service that asks for a longer pause is not waited for. */
const MAX_PAUSE_MS = 10_000;
/** What a rating with its thinking weighs, for the reservation before a call. */
const OUTPUT_TOKENS = 1_000;

export type JudgeOptions = {
  readonly run: StoredRun;
  readonly tickets: readonly LabelledTicket[];
  readonly judgements: readonly Judgement[];
  readonly model: string;
  readonly connection: ClaudeConnection;
  readonly prices: Readonly<Record<string, ModelPrice>>;
  /** For all judging of this run, what was spent before included. */
  readonly maxUsd: number | null;
  readonly count?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
};

export type Judging = {
  readonly asked: number;
  readonly rated: number;
  /** Explanations of the sample that this judge has not rated. */
  readonly left: number;
  readonly spentUsd: number;
  readonly stopped: 'budget' | 'interrupted' | null;
};

/** A model that took part in a run may not judge it. Throws `UsageError`. */
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
 * Lets a model rate the explanations of a run: the sample that people see, each judgement kept at once, none asked for
 * twice. Throws `UsageError` for a model that took part in the run or, with a limit, has no price, and
 * `ClassifierError` when the model gives no answer.
 */
export async function judgeRun(options: JudgeOptions): Promise<Judging> {
  const { run, model, prices, maxUsd, connection } = options;
  assertImpartial(options);
  if (maxUsd !== null && priceFor({ model, prices, promptTokens: 0 }) === null) {
    throw new UsageError(`There is no price for ${model}, so --max-usd cannot be kept. Set claude.prices.`);
  }
  const before = options.judgements.reduce((sum, { costUsd }) => sum + costUsd, 0);
  // One budget for the run, so the clock stands still.
  const budget = createDailyBudget({ limitUsd: maxUsd, now: () => 0, spentTodayUsd: before });
  const isOwn = (one: Judgement) => one.model === model && one.prompt === JUDGE_PROMPT && one.rating !== null;
  const done = options.judgements.filter(isOwn).map(({ ticketId }) => ({ ticketId, rater: model, rating: 1 }));
  const open = ratingTasks({ run, tickets: options.tickets, ratings: done, rater: model, count: options.count });
  const byId = new Map(options.tickets.map((ticket) => [ticket.id, ticket]));

  const queue = [...open];
  let asked = 0;
  let rated = 0;
  const state: { stopped: Judging['stopped']; failure: unknown } = { stopped: null, failure: null };
  const worker = async () => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      if (state.stopped !== null || state.failure !== null) return;
      if (options.signal?.aborted) {
        state.stopped = 'interrupted';
        return;
      }
      const params = buildJudgeRequest({ model, ticket: byId.get(task.ticketId)!, task });
      const reservation = budget.reserve(estimateUsd({ params, prices }));
      if (reservation === null) {
        state.stopped = 'budget';
        return;
      }
      try {
        const message = await ask({ connection, params, signal: options.signal });
        const { usage, cacheWriteOneHourTokens } = mapUsage(message);
        const costUsd = costOf({ model, usage, prices, cacheWriteOneHourTokens }) ?? 0;
        reservation.settle(costUsd);
        const reply = readJudgeReply(message);
        const { ticketId } = task;
        await appendJudgement(run.path, { by: 'judge', ticketId, model, prompt: JUDGE_PROMPT, ...reply, costUsd });
        asked += 1;
        if (reply.rating !== null) rated += 1;
        options.onProgress?.({ step: `Asking ${model}`, done: asked, total: open.length });
      } catch (error) {
        if (options.signal?.aborted) state.stopped = 'interrupted';
        else state.failure = error;
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  if (state.failure !== null) throw failed(state.failure, { model, rated });
  return {
    asked,
    rated,
    left: open.length - rated,
    spentUsd: budget.spentTodayUsd(),
    stopped: state.stopped,
  };
}

type JudgeParams = ReturnType<typeof buildJudgeRequest>;

function estimateUsd({ params, prices }: { params: JudgeParams; prices: JudgeOptions['prices'] }): number {
  const promptTokens = estimateTokens(JSON.stringify([params.system, params.messages]));
  const price = priceFor({ model: params.model, prices, promptTokens });
  return price === null ? 0 : (promptTokens * price.input + OUTPUT_TOKENS * price.output) / 1e6;
}

/** One question, asked again where that may help. Rejects with the error of the last attempt. */
async function ask(options: { connection: ClaudeConnection; params: JudgeParams; signal?: AbortSignal | undefined }) {
  const { connection, params, signal } = options;
  using deadline = startDeadline({ timeoutMs: TIME_LIMIT_MS, signal });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const work = connection.client.messages.create(params, { signal: deadline.signal, timeout: TIME_LIMIT_MS });
      return await raceSignal({ work, signal: deadline.signal });
    } catch (error) {
      const { retryable, retryAfterMs } = toCallFailure(error);
      const pauseMs = retryAfterMs ?? PAUSE_MS * 2 ** (attempt - 1);
      if (!retryable || deadline.signal.aborted || attempt === MAX_ATTEMPTS || pauseMs > MAX_PAUSE_MS) throw error;
      await sleep({ ms: pauseMs, signal: deadline.signal });
    }
  }
}

function failed(error: unknown, { model, rated }: { model: string; rated: number }): ClassifierError {
  const { detail, cure, retryable } = toCallFailure(error);
  return new ClassifierError({
    classifier: model,
    retryable,
    message: `${model} gave no answer: ${detail}. ${cure ?? 'Try again later.'} ${rated} ratings of this call are kept; the same command goes on.`,
    cause: error,
  });
}

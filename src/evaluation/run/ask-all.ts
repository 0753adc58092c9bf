import { raceSignal, startDeadline } from '../../base/deadline.ts';
import type { OnProgress } from '../../base/progress.ts';
import type { Classification } from '../../classifiers/classifier.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import type { Answer } from './answer.ts';

export type Question = { readonly trial: string; readonly ticket: LabelledTicket };

/** Why not every question was asked. */
export type StopReason = 'interrupted' | 'budget' | 'failing';

export type AskAllOptions = {
  readonly questions: readonly Question[];
  readonly ask: (ticket: LabelledTicket, signal: AbortSignal) => Promise<Classification>;
  readonly onAnswer: (answer: Answer) => void;
  /** Questions under way at once. */
  readonly concurrency: number;
  readonly timeLimitMs: number;
  /** Ends asking before more than this is spent; null for no limit. */
  readonly maxUsd: number | null;
  /** Spent before, by an earlier part of the same run. */
  readonly spentUsd: number;
  /** Ends asking; questions under way are waited for, so that none is paid for in vain. */
  readonly signal?: AbortSignal;
  readonly step: string;
  readonly onProgress?: OnProgress;
};

/** After this many failures in a row, and no answer yet, the fault is not the tickets'. */
const FAILURES_BEFORE_GIVING_UP = 20;

/** Asks every question, a few at a time, and hands over each answer as it comes. Null when all were asked. */
export async function askAll(options: AskAllOptions): Promise<StopReason | null> {
  const { questions, onAnswer, onProgress, step } = options;
  const budget = createBudget(options);
  let next = 0;
  let done = 0;
  let answered = 0;
  let stop: StopReason | null = null;

  async function work(isFirst: boolean): Promise<void> {
    while (next < questions.length && stop === null) {
      if (options.signal?.aborted) stop = 'interrupted';
      else if (!budget.allowsOneMore()) {
        // Others under way may turn out cheaper than feared: only the first worker waits for them to know.
        if (!isFirst) return;
        if (budget.underWay > 0) await budget.change();
        else stop = 'budget';
      } else {
        const question = questions[next++]!;
        budget.begin();
        const answer = await askOne(question, options);
        budget.end(answer.classification?.costUsd ?? 0);
        onAnswer(answer);
        done += 1;
        onProgress?.({ step, done, total: questions.length });
        if (answer.outcome === 'answered') answered += 1;
        else if (answered === 0 && done >= FAILURES_BEFORE_GIVING_UP && done < questions.length) stop = 'failing';
      }
    }
  }

  if (questions.length > 0) onProgress?.({ step, done: 0, total: questions.length });
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, (_, i) => work(i === 0)));
  return stop;
}

/** Bounds the money: what is under way is reckoned at the dearest answer so far. */
function createBudget({ maxUsd, spentUsd }: { maxUsd: number | null; spentUsd: number }) {
  let spent = spentUsd;
  let dearest: number | null = null;
  let underWay = 0;
  let waiting: (() => void)[] = [];
  return {
    get underWay() {
      return underWay;
    },
    allowsOneMore(): boolean {
      if (maxUsd === null) return true;
      // Until the first answer tells what one costs, only one is asked.
      if (dearest === null) return underWay === 0 && spent < maxUsd;
      return spent < maxUsd && spent + (underWay + 1) * dearest <= maxUsd;
    },
    begin() {
      underWay += 1;
    },
    end(costUsd: number) {
      underWay -= 1;
      spent += costUsd;
      dearest = Math.max(dearest ?? 0, costUsd);
      for (const wake of waiting) wake();
      waiting = [];
    },
    change: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
}

async function askOne(question: Question, options: AskAllOptions): Promise<Answer> {
  const startedAt = performance.now();
  // Disposed with the answer: thousands of timers that wait for their minute would hold as many tickets.
  using limit = startDeadline({ timeoutMs: options.timeLimitMs });
  const base = { trial: question.trial, ticketId: question.ticket.id };
  const elapsed = () => performance.now() - startedAt;
  try {
    // A classifier of somebody's own may ignore the signal, so the limit holds without its help.
    const work = options.ask(question.ticket, limit.signal);
    const classification = await raceSignal({ work, signal: limit.signal });
    if (classification.intent === null && classification.stage === 'none') {
      const error = classification.stageReason || 'no engine named an intent';
      return { ...base, outcome: 'error', classification, error, elapsedMs: elapsed() };
    }
    return { ...base, outcome: 'answered', classification, error: null, elapsedMs: elapsed() };
  } catch (error) {
    if (limit.passed()) {
      const message = `no answer within ${options.timeLimitMs / 1000} s`;
      return { ...base, outcome: 'timeout', classification: null, error: message, elapsedMs: elapsed() };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { ...base, outcome: 'error', classification: null, error: message, elapsedMs: elapsed() };
  }
}

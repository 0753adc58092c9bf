import { raceSignal, startDeadline } from '../../base/deadline.ts';
import type { OnProgress } from '../../base/progress.ts';
import type { Classification } from '../../classifiers/classifier.ts';
import { readTicket } from '../../ticket/read-ticket.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import type { Answer } from './answer.ts';

export type Question = { readonly trial: string; readonly ticket: LabelledTicket };

/** Why asking stopped before the last question. */
export type StopReason = 'interrupted' | 'budget' | 'failing';

export type AskAllOptions = {
  readonly questions: readonly Question[];
  readonly ask: (ticket: LabelledTicket, signal: AbortSignal) => Promise<Classification>;
  readonly onAnswer: (answer: Answer) => void;
  /** How many questions are asked at the same time. */
  readonly concurrency: number;
  readonly timeLimitMs: number;
  /** Stops before more than this is spent; null for no limit. */
  readonly maxUsd: number | null;
  /** What earlier parts of the same run have spent. */
  readonly spentUsd: number;
  /** Stops asking. Questions already sent are waited for, because they are paid for. */
  readonly signal?: AbortSignal;
  readonly step: string;
  readonly onProgress?: OnProgress;
};

/** After this many failures without any answer, the fault is not in the tickets: asking stops. */
const FAILURES_BEFORE_GIVING_UP = 20;

/** Asks every question, a few at a time, and passes each answer to `onAnswer`. Returns null when all were asked. */
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
        // Running questions may cost less than assumed. The first worker waits for them; the others end here.
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

/** Keeps to the money limit. Each running question is assumed to cost as much as the most expensive answer so far. */
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
      // Only one question is asked until its answer shows what one costs.
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
  // Disposed as soon as there is an answer: otherwise thousands of timers would keep their tickets in memory.
  using limit = startDeadline({ timeoutMs: options.timeLimitMs });
  const base = { trial: question.trial, ticketId: question.ticket.id };
  const elapsed = () => performance.now() - startedAt;
  try {
    // A custom classifier may ignore the signal, so the limit is enforced here as well.
    const work = options.ask(question.ticket, limit.signal);
    const classification = await raceSignal({ work, signal: limit.signal });
    // Automatic mail is answered without an engine: that it needs nothing is the right answer.
    const isAutomatic = readTicket(question.ticket).automatic !== null;
    if (classification.intent === null && classification.stage === 'none' && !isAutomatic) {
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

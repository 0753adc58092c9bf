// Test double of the job queue, in memory and on a clock of the test, for tests in which hours pass.
import type { JobName, JobPayload } from '../queue/jobs.ts';
import { jobSettings, keyOfJob } from '../queue/jobs.ts';
import type { JobOutcome, Queue, WorkRequest } from '../queue/queue.ts';

type Waiting = {
  readonly name: JobName;
  readonly payload: JobPayload<JobName>;
  readonly dueAt: number;
  readonly tries: number;
  readonly reason: string | null;
};

/** How many jobs run at the same time. */
const AT_ONCE = 6;
/** What each of them takes by the clock at least. */
const JOB_MS = 50;

export type ClockQueue = Queue & {
  /** Runs jobs as they become due, and moves the clock on, until that time. */
  runUntil(ms: number): Promise<void>;
  /** Jobs other than looks for changes, which never end. */
  waiting(): readonly { readonly name: JobName; readonly reason: string | null }[];
};

export function createClockQueue(options: {
  readonly clock: { now(): number; advance(ms: number): void };
  /** In [0, 1): chooses which of the jobs that are due runs next. */
  readonly random: () => number;
}): ClockQueue {
  const { clock, random } = options;
  const handlers = new Map<JobName, (job: Waiting) => Promise<JobOutcome>>();
  let jobs: Waiting[] = [];
  const { signal } = new AbortController();

  const add = (job: Waiting) => {
    const key = keyOfJob(job.name, job.payload);
    const isQueued =
      key !== undefined && jobs.some(({ name, payload }) => name === job.name && keyOfJob(name, payload) === key);
    if (!isQueued) jobs.push(job);
  };
  const settle = (job: Waiting, outcome: JobOutcome) => {
    if (outcome.status === 'completed') return;
    if (outcome.status === 'postponed') {
      add({ ...job, dueAt: clock.now() + outcome.retryInSeconds * 1_000, reason: outcome.reason });
      return;
    }
    const settings = jobSettings[job.name];
    const { reason } = outcome;
    if (outcome.status === 'failed' && job.tries < settings.retryLimit) {
      const delay = Math.min(settings.retryDelayMax, settings.retryDelay * 2 ** job.tries);
      add({ ...job, tries: job.tries + 1, dueAt: clock.now() + delay * 1_000, reason });
    } else if ('deadLetter' in settings) {
      add({ name: settings.deadLetter, payload: job.payload, dueAt: clock.now(), tries: 0, reason });
    }
  };
  const runDue = async (): Promise<boolean> => {
    const due = jobs.filter(({ name, dueAt }) => dueAt <= clock.now() && handlers.has(name));
    const chosen = due
      .map((job) => ({ job, order: random() }))
      .toSorted((a, b) => a.order - b.order)
      .slice(0, AT_ONCE)
      .map(({ job }) => job);
    if (chosen.length === 0) return false;
    jobs = jobs.filter((job) => !chosen.includes(job));
    await Promise.all(
      chosen.map(async (job) => {
        const outcome = await handlers.get(job.name)?.(job);
        if (outcome !== undefined) settle(job, outcome);
      }),
    );
    clock.advance(JOB_MS);
    return true;
  };

  return {
    async enqueue(name, payloads) {
      for (const payload of payloads) add({ name, payload, dueAt: clock.now(), tries: 0, reason: null });
    },
    async work<N extends JobName>({ name, handle }: WorkRequest<N>) {
      // The cast: a job of this name has this payload.
      handlers.set(name, ({ payload, reason }) => handle({ payload: payload as JobPayload<N>, reason, signal }));
    },
    async runUntil(ms) {
      while (clock.now() < ms) {
        if (await runDue()) continue;
        const next = Math.min(ms, ...jobs.map(({ dueAt }) => dueAt));
        clock.advance(Math.max(1, next - clock.now()));
      }
    },
    waiting: () => jobs.filter(({ name }) => name !== 'poll'),
    findLost: async () => ({ decide: [], deliver: [], receive: [] }),
    countActive: async () => 0,
    stopWorking: async () => {
      handlers.clear();
    },
    close: async () => {},
  };
}

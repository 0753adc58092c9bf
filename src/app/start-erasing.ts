import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { codeOf, explainFailure } from '../base/safe-error.ts';
import { keepRetention } from '../pipeline/keep-retention.ts';
import type { PipelineContext } from '../pipeline/pipeline-context.ts';
import type { EventFeed } from '../store/event-feed.ts';
import { startUpkeep } from '../worker/start-upkeep.ts';
import type { TraceEraser } from './erase-traces.ts';

/** The files of an embedded store are written again when it is idle, or at the latest after this time. */
const MAX_WAIT_MS = 60 * 60_000;

/**
 * The erasing that a process with a worker does by itself: it removes what was erased, by any process, from its own files,
 * and erases tickets to which nothing has happened for the time of `retention`. Returns a function that stops both.
 */
export function startErasing(options: {
  context: Pick<PipelineContext, 'store' | 'redaction' | 'now' | 'logger'>;
  traces: TraceEraser;
  events: EventFeed;
  /** A ticket is erased when nothing has happened to it for this long; null keeps tickets for ever. */
  retentionMs: number | null;
  /** Whether no ticket waits and no job is active, so that the embedded store may stop for a moment. */
  isQuiet: () => Promise<boolean>;
}): () => Promise<void> {
  const { context, traces, events, retentionMs, isQuiet } = options;
  const { logger, now } = context;
  const stopping = new AbortController();

  const unsubscribe = events.subscribe({
    isPatient: true,
    onEvent({ event }) {
      if (event !== 'tickets-erased') return;
      traces.run({ compacts: false, signal: stopping.signal }).catch((error: unknown) => {
        // Only a warning: the regular run below tries again.
        if (!stopping.signal.aborted) logger.warn({ failure: codeOf(error) ?? explainFailure(error) }, WHAT);
      });
    },
  });
  const stopTraces = startUpkeep({
    name: 'erasing copies',
    task: async () => traces.run({ compacts: await mayCompact({ traces, isQuiet, now }), signal: stopping.signal }),
    logger: quietOnceStopped({ logger, signal: stopping.signal }),
  });
  const stopRetention = startUpkeep({
    name: 'retention',
    async task() {
      const erased = await keepRetention(context, { retentionMs, signal: stopping.signal });
      if (erased > 0)
        logger.info(
          { tickets: erased },
          'tickets were erased, because nothing had happened to them for the time of `retention`',
        );
    },
    logger,
  });
  return async () => {
    stopping.abort();
    unsubscribe();
    await Promise.all([stopTraces(), stopRetention()]);
  };
}

const WHAT = 'what was erased could not be removed from a file';

async function mayCompact(options: {
  traces: TraceEraser;
  isQuiet: () => Promise<boolean>;
  now: Clock;
}): Promise<boolean> {
  const since = await options.traces.waitingSince();
  if (since === null) return false;
  return options.now().getTime() - since.getTime() > MAX_WAIT_MS || options.isQuiet();
}

/** Logs no failure of a run that the end of the process has stopped: the next start continues it. */
function quietOnceStopped({ logger, signal }: { logger: Logger; signal: AbortSignal }): Logger {
  return {
    ...logger,
    warn: (facts, message) => {
      if (!signal.aborted) logger.warn(facts, message);
    },
  };
}

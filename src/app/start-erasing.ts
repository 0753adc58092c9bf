import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { codeOf, explainFailure } from '../base/safe-error.ts';
import { keepRetention } from '../pipeline/keep-retention.ts';
import type { PipelineContext } from '../pipeline/pipeline-context.ts';
import type { EventFeed } from '../store/event-feed.ts';
import { startUpkeep } from '../worker/start-upkeep.ts';
import type { TraceEraser } from './erase-traces.ts';

/** The files of an embedded store are written anew at a quiet moment, or after this time whatever happens. */
const MAX_WAIT_MS = 60 * 60_000;

/**
 * What a process that works the queue does about erasing by itself: it takes what was erased out of its files, whoever
 * erased it, and keeps the retention. Returns the function that stops it.
 */
export function startErasing(options: {
  context: Pick<PipelineContext, 'store' | 'redaction' | 'now' | 'logger'>;
  traces: TraceEraser;
  events: EventFeed;
  /** Null keeps tickets for ever. */
  retentionMs: number | null;
  /** Whether nobody waits for the embedded store. */
  isQuiet: () => Promise<boolean>;
}): () => Promise<void> {
  const { context, traces, events, retentionMs, isQuiet } = options;
  const { logger, now } = context;
  const stopping = new AbortController();

  const unsubscribe = events.subscribe({
    onEvent({ event }) {
      if (event !== 'tickets-erased') return;
      traces.run({ compacts: false, signal: stopping.signal }).catch((error: unknown) => {
        // The regular run below does it.
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
      if (erased > 0) logger.info({ tickets: erased }, 'tickets were erased, as `retention` says');
    },
    logger,
  });
  return async () => {
    stopping.abort();
    unsubscribe();
    await Promise.all([stopTraces(), stopRetention()]);
  };
}

const WHAT = 'what was erased could not be taken out of a file';

async function mayCompact(options: {
  traces: TraceEraser;
  isQuiet: () => Promise<boolean>;
  now: Clock;
}): Promise<boolean> {
  const since = await options.traces.waitingSince();
  if (since === null) return false;
  return options.now().getTime() - since.getTime() > MAX_WAIT_MS || options.isQuiet();
}

/** A run that is ended with the process is no failure: the next start goes on with it. */
function quietOnceStopped({ logger, signal }: { logger: Logger; signal: AbortSignal }): Logger {
  return {
    ...logger,
    warn: (facts, message) => {
      if (!signal.aborted) logger.warn(facts, message);
    },
  };
}

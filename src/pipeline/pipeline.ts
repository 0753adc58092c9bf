import { createDecideStep, type DecideStep } from './decide.ts';
import { createDeliverStep, type DeliverStep } from './deliver.ts';
import { createIntake, type Intake } from './intake.ts';
import { createPace, LONG_MS, type Pace } from './pace.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { type AcceptWebhook, createAcceptWebhook } from './receive/accept-webhook.ts';
import { createRefusedCount, type RefusedCount } from './receive/count-refused.ts';
import { createImportStep, type ImportStep } from './receive/import-tickets.ts';
import { createPollStep, type PollStep } from './receive/poll.ts';
import { createReceiveStep, type ReceiveStep } from './receive/receive-webhook.ts';
import { createRefresh, type Refresh } from './receive/refresh.ts';

/** Workers adjust their pauses about as often (pace.ts). */
const REPORT_EVERY_MS = 50;

/** The steps (webhook or poll → refresh →) intake → decide → deliver, each in its own file. Corrections come back through learn/. */
export type Pipeline = {
  readonly intake: Intake;
  /** Stores a webhook; a job of `receive` reads it. */
  readonly acceptWebhook: AcceptWebhook;
  /** Webhooks that were not accepted. */
  readonly refused: Pick<RefusedCount, 'all'>;
  readonly receive: ReceiveStep;
  /** Reads one ticket from its helpdesk. */
  readonly refresh: Refresh;
  readonly poll: PollStep;
  readonly import: ImportStep;
  readonly decide: DecideStep;
  readonly deliver: DeliverStep;
  /** The worker asks it before each decision. */
  readonly pace: Pace;
  /** The worker asks it before it reads a webhook that was acknowledged. */
  readonly receivePace: Pace;
  /** Called when another process reports that what arrives there takes long to be stored. */
  hearOfSlowArrivals(): void;
};

export function createPipeline(context: PipelineContext): Pipeline {
  const pace = createPace();
  const receivePace = createPace();
  const refused = createRefusedCount(context);
  const { store } = context;
  const hear = (tookMs: number) => {
    pace.stored(tookMs);
    receivePace.stored(tookMs);
  };
  let reportedAt = Number.NEGATIVE_INFINITY;
  const stored = (tookMs: number) => {
    hear(tookMs);
    // Nobody else works on an embedded store.
    if (tookMs <= LONG_MS || store.kind === 'embedded') return;
    const now = performance.now();
    if (now - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = now;
    store.reportSlowArrivals().catch(() => {}); // Only a hint; the next one follows soon.
  };
  const intake = createIntake(context, { stored });
  const refresh = createRefresh(context, intake);
  return {
    intake,
    acceptWebhook: createAcceptWebhook(context, { stored, refused }),
    refused,
    receive: createReceiveStep(context, intake),
    refresh,
    poll: createPollStep(context, intake),
    import: createImportStep(context),
    decide: createDecideStep(context, pace),
    deliver: createDeliverStep(context, refresh),
    pace,
    receivePace,
    hearOfSlowArrivals: () => hear(LONG_MS + 1),
  };
}

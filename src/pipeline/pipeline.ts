import { createDecideStep, type DecideStep } from './decide.ts';
import { createDeliverStep, type DeliverStep } from './deliver.ts';
import { createIntake, type Intake } from './intake.ts';
import { createPace, type Pace } from './pace.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { type AcceptWebhook, createAcceptWebhook } from './receive/accept-webhook.ts';
import { createReceiveStep, type ReceiveStep } from './receive/receive-webhook.ts';

/** The steps (webhook →) intake → decide → deliver, each in its own file. Corrections come back through learn/. */
export type Pipeline = {
  readonly intake: Intake;
  /** Stores a webhook; a job of `receive` reads it. */
  readonly acceptWebhook: AcceptWebhook;
  readonly receive: ReceiveStep;
  readonly decide: DecideStep;
  readonly deliver: DeliverStep;
  /** The worker asks it before each decision. */
  readonly pace: Pace;
};

export function createPipeline(context: PipelineContext): Pipeline {
  const pace = createPace();
  const intake = createIntake(context, pace);
  return {
    intake,
    acceptWebhook: createAcceptWebhook(context, pace),
    receive: createReceiveStep(context, intake),
    decide: createDecideStep(context, pace),
    deliver: createDeliverStep(context),
    pace,
  };
}

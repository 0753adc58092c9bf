import { createDecideStep, type DecideStep } from './decide.ts';
import { createDeliverStep, type DeliverStep } from './deliver.ts';
import { createIntake, type Intake } from './intake.ts';
import { createPace, type Pace } from './pace.ts';
import type { PipelineContext } from './pipeline-context.ts';

/** The steps intake → decide → deliver, each in its own file. Corrections come back through learn/. */
export type Pipeline = {
  readonly intake: Intake;
  readonly decide: DecideStep;
  readonly deliver: DeliverStep;
  /** The worker asks it before each decision. */
  readonly pace: Pace;
};

export function createPipeline(context: PipelineContext): Pipeline {
  const pace = createPace();
  return {
    intake: createIntake(context, pace),
    decide: createDecideStep(context, pace),
    deliver: createDeliverStep(context),
    pace,
  };
}

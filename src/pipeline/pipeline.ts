import { createDecideStep, type DecideStep } from './decide.ts';
import { createDeliverStep, type DeliverStep } from './deliver.ts';
import { createIntake, type Intake } from './intake.ts';
import type { PipelineContext } from './pipeline-context.ts';

/** The steps intake → decide → deliver, each in its own file. Corrections come back through learn/. */
export type Pipeline = { readonly intake: Intake; readonly decide: DecideStep; readonly deliver: DeliverStep };

export function createPipeline(context: PipelineContext): Pipeline {
  return { intake: createIntake(context), decide: createDecideStep(context), deliver: createDeliverStep(context) };
}

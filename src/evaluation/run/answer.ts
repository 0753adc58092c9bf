import { z } from 'zod';
import { classificationSchema } from '../../classifiers/classifier.ts';

/** `answered`, or why there is no answer. Missing answers are counted separately from wrong ones. */
export const outcomes = ['answered', 'timeout', 'refused', 'error'] as const;
export type Outcome = (typeof outcomes)[number];

/** The trial in which every ticket is asked once, unchanged. */
export const MAIN_TRIAL = 'main';

/** One line of a run's answers.jsonl. The only ticket text in it is what the engine quoted. */
export const answerSchema = z.object({
  /** `main`, or a further question: `repeat-2`, `opening-1`, `adapt-25`. */
  trial: z.string(),
  ticketId: z.string(),
  outcome: z.enum(outcomes),
  classification: classificationSchema.nullable(),
  /** Why there is no answer. */
  error: z.string().nullable(),
  /** Time to the answer, measured by us; null for an answer that was obtained outside this program. */
  elapsedMs: z.number().nonnegative().nullable(),
});
export type Answer = z.infer<typeof answerSchema>;

export const answerKey = ({ trial, ticketId }: { trial: string; ticketId: string }): string => `${trial}\n${ticketId}`;

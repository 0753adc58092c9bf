import { z } from 'zod';
import { classificationSchema } from '../../classifiers/classifier.ts';

/** `answered`, or why there is no answer: these are counted apart from wrong answers. */
export const outcomes = ['answered', 'timeout', 'refused', 'error'] as const;
export type Outcome = (typeof outcomes)[number];

/** The question that every ticket is asked once, as it stands. */
export const MAIN_TRIAL = 'main';

/** One line of a run's answers.jsonl. Holds no ticket text beyond what the engine quoted. */
export const answerSchema = z.object({
  /** `main`, or what was asked beyond it: `repeat-2`, `opening-1`, `adapt-25`. */
  trial: z.string(),
  ticketId: z.string(),
  outcome: z.enum(outcomes),
  classification: classificationSchema.nullable(),
  /** Why there is no answer. */
  error: z.string().nullable(),
  /** From asking to the end, by our own clock; null for an answer that was got elsewhere. */
  elapsedMs: z.number().nonnegative().nullable(),
});
export type Answer = z.infer<typeof answerSchema>;

export const answerKey = ({ trial, ticketId }: { trial: string; ticketId: string }): string => `${trial}\n${ticketId}`;

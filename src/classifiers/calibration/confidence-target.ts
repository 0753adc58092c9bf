import { z } from 'zod';
import { shareSchema } from '../../base/share.ts';

/** Named in the other alternative, so that whoever writes both reads that they exclude each other. */
const excluded = (other: string) =>
  z.never({ error: `this and ${other} exclude each other. Keep targetPrecision, or the two costs` }).optional();

const precisionSchema = z
  .strictObject({
    targetPrecision: shareSchema({ min: 0.5, max: 0.999 }),
    wrongRouteUsd: excluded('targetPrecision'),
    humanLookUsd: excluded('targetPrecision'),
  })
  .describe('Share of the tickets routed without a look that must be right; the threshold follows from it.');

const costsSchema = z
  .strictObject({
    wrongRouteUsd: z.number().positive(),
    humanLookUsd: z.number().positive(),
    targetPrecision: excluded('wrongRouteUsd with humanLookUsd'),
  })
  .describe('Cost of a wrong route and of a look by a person; the threshold follows from them.');

/** `confidence:` of the configuration: a precision among answered tickets, or the two costs that imply a threshold. */
export const confidenceTargetSchema = z.union([precisionSchema, costsSchema]);
export type ConfidenceTarget =
  | { readonly targetPrecision: number }
  | { readonly wrongRouteUsd: number; readonly humanLookUsd: number };

/**
 * The probability above which answering is cheaper than asking a person, when costs are given; otherwise null.
 *
 * Answering costs (1 − p) · wrongRoute in expectation, a human look costs humanLook whatever the ticket:
 * answer where p ≥ 1 − humanLook / wrongRoute (Chow's rule). 0 when a look costs more than a wrong route.
 */
export function thresholdFromCosts(target: ConfidenceTarget): number | null {
  return 'targetPrecision' in target ? null : breakEven(target);
}

function breakEven({ wrongRouteUsd, humanLookUsd }: { wrongRouteUsd: number; humanLookUsd: number }): number {
  return Math.max(0, 1 - humanLookUsd / wrongRouteUsd);
}

/** The precision from which an answer is worth giving: the one asked for, or the one that the two costs imply. */
export function precisionWanted(target: ConfidenceTarget): number {
  return 'targetPrecision' in target ? target.targetPrecision : breakEven(target);
}

/** A precision among answered tickets, or the two costs that imply a threshold. The schema is confidence-settings.ts. */
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

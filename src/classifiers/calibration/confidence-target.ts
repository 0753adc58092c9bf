/** What the user asks of `confidence:`: a precision among answered tickets, or the two costs that imply a threshold. */
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
  if ('targetPrecision' in target) return null;
  return Math.max(0, 1 - target.humanLookUsd / target.wrongRouteUsd);
}

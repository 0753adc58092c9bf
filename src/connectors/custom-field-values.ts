import type { DeliverRequest } from './connector.ts';

/** What a decision writes to the fields of `customFields`; null where there is nothing to write. */
export type CustomFieldValues = {
  readonly intent: string | null;
  /** In [0, 1]. */
  readonly confidence: number | null;
  readonly urgency: string;
  readonly language: string | null;
};

/** An engine that abstained has only guessed, and a field would pass its guess on as an answer. */
export function customFieldValues({
  classification,
  decision,
}: Pick<DeliverRequest, 'classification' | 'decision'>): CustomFieldValues {
  const { intent, confidence, abstained, language } = classification;
  const isKnown = !abstained && intent !== null;
  return {
    intent: isKnown ? intent : null,
    confidence: isKnown ? confidence : null,
    urgency: decision.urgency,
    language,
  };
}

import { normaliseText } from '../../ticket/normalise-text.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { ticketText } from '../../ticket/ticket-text.ts';

export type Leakage = {
  readonly dropped: number;
  /** Number of examples whose id is in the data set. */
  readonly byId: number;
  /** Number of examples that are in the same variant group as a ticket of the data set. */
  readonly byGroup: number;
  /** Number of examples with the same normalised text as a ticket of the data set. */
  readonly byText: number;
};

/** Id of the original ticket, or of the ticket itself. One group must not be on both sides of a split. */
export const variantGroup = (ticket: LabelledTicket): string => ticket.variantOf ?? ticket.id;

export const comparableText = (ticket: LabelledTicket): string => normaliseText(ticketText(ticket).text);

/**
 * Removes examples that the data set also contains, by id, variant group or normalised text. With them, an engine would
 * be scored on tickets that it has learned.
 */
export function dropLeaks<T extends LabelledTicket>(options: {
  readonly examples: readonly T[];
  readonly dataset: readonly LabelledTicket[];
}): { readonly examples: T[]; readonly leakage: Leakage } {
  const ids = new Set(options.dataset.map(({ id }) => id));
  const groups = new Set(options.dataset.map(variantGroup));
  const texts = new Set(options.dataset.map(comparableText).filter((text) => text !== ''));
  const counts = { byId: 0, byGroup: 0, byText: 0 };
  const examples = options.examples.filter((example) => {
    if (ids.has(example.id)) counts.byId += 1;
    else if (groups.has(variantGroup(example))) counts.byGroup += 1;
    else if (texts.has(comparableText(example))) counts.byText += 1;
    else return true;
    return false;
  });
  return { examples, leakage: { dropped: options.examples.length - examples.length, ...counts } };
}

/** The rule of a decision when no rule matched. */
export const TRIAGE_RULE = 'triage';
/** The rule of a decision that leaves a ticket where a person has put it. */
export const KEPT_RULE = 'moved';
/** The rule of a decision that leaves a ticket where an earlier decision has put it. */
export const STAYS_RULE = 'stays';

/** Names that decisions give by themselves, so that no configured rule may have them, and when they do. */
export const ownRules: ReadonlyMap<string, string> = new Map([
  [TRIAGE_RULE, 'when no rule matched'],
  [KEPT_RULE, 'when a person has moved the ticket'],
  [STAYS_RULE, 'when a newer message does not say what is wanted'],
]);

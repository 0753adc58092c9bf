/**
 * Why a ticket, or what was learned from one, waits for a person: the engine did not know (`abstained`) or was not sure
 * (`unsure`), somebody moved the ticket, here or in its helpdesk, and did not say which intent it was (`moved`), feedback waits
 * (`correction`), or an example does (`example`).
 */
export const reviewKinds = ['abstained', 'unsure', 'moved', 'correction', 'example'] as const;
export type ReviewKind = (typeof reviewKinds)[number];

/** What a reviewer says. `right` and `wrong` are about a ticket, `approve` and `reject` about what somebody said of one. */
export const reviewVerdicts = ['right', 'wrong', 'approve', 'reject', 'skip'] as const;
export type ReviewVerdict = (typeof reviewVerdicts)[number];

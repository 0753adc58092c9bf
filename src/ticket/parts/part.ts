import { type Saying, say } from '../../base/say.ts';

/**
 * What a stretch of a ticket's body is. `own`: what the customer says now, in a forward also the mail that is passed on.
 * `quoted`: an older message that this one replies to. `forwarded`: what came along with a forwarded mail, such as its
 * header and older messages below it. `footer`: legal text and warnings that a mail server adds. `automatic`: written by
 * a machine. `hidden`: what a mail program does not show.
 */
export const partKinds = ['own', 'quoted', 'forwarded', 'signature', 'footer', 'automatic', 'hidden'] as const;
export type PartKind = (typeof partKinds)[number];

export type Part = {
  readonly kind: PartKind;
  /** Where it begins and ends (exclusive) in the text of the body, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Why it has this kind, as a sentence for people. */
  readonly reason: Saying;
  /** It belongs to the mail that a forward passes on; lines of it may all have quotation marks. */
  readonly isPassedOn?: true;
};

/** What is known of some characters or lines before they are joined to parts. */
export type Label = Omit<Part, 'start' | 'end'>;

export const PASSED_ON: Label = {
  kind: 'own',
  reason: say('part.passed-on', 'The mail that is passed on.'),
  isPassedOn: true,
};

export const OWN: Label = { kind: 'own', reason: say('part.own', 'Nothing shows that it is anything else.') };

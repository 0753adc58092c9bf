import type { PhoneNumbers } from './find-phones.ts';

export const identifierKinds = ['CREDENTIAL', 'EMAIL', 'IBAN', 'CARD', 'IP', 'PHONE', 'NAME'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** An identifier in the view of a folded text; of the same kind and key are the same identifier. */
export type Finding = {
  readonly kind: IdentifierKind;
  readonly start: number;
  readonly end: number;
  /** What makes it the same one in another spelling: an address in lower case, a number without its spaces. */
  readonly key: string;
};

/** What finders know of the ticket that the text belongs to. */
export type FinderContext = {
  /** Phone numbers as they are written where the ticket may come from. */
  readonly phoneNumbers: PhoneNumbers;
  /** Finds the known names; null when there are none. */
  readonly names: RegExp | null;
};

/** A part of a folded text. What has been found already is overwritten with `TAKEN`, in the same length. */
export type Slice = {
  readonly view: string;
  /** `FoldedText.cased` for the same part, with nothing overwritten. */
  readonly cased: string;
};

/**
 * Finds identifiers of one kind in a slice. The findings are in order and do not overlap. Texts are looked at in slices
 * (find-in-slices.ts), so a finder must know an identifier by what stands 500 characters before its start and
 * 1,000 after it.
 */
export type Finder = (slice: Slice, context: FinderContext) => readonly Finding[];

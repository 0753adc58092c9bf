import type { NameSearch } from './find-names.ts';
import type { NumberMeanings } from './number-meanings.ts';
import type { PhoneNumbers } from './phone-checker.ts';

export const identifierKinds = ['CREDENTIAL', 'EMAIL', 'IBAN', 'CARD', 'ID', 'IP', 'PHONE', 'NAME'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** An identifier in the view of a folded text. Findings with the same kind and key are the same identifier. */
export type Finding = {
  readonly kind: IdentifierKind;
  readonly start: number;
  readonly end: number;
  /** The same for all spellings of an identifier: an address in lower case, a number without its spaces. */
  readonly key: string;
};

/** What finders use from the ticket to which the text belongs. */
export type FinderContext = {
  /** Checks phone numbers of the countries that the ticket may come from. */
  readonly phoneNumbers: PhoneNumbers;
  /** Finds the known names; null when there are none. */
  readonly names: NameSearch | null;
};

/** A part of a folded text. Identifiers that were found before are overwritten with `TAKEN`, in the same length. */
export type Slice = {
  readonly view: string;
  /** `FoldedText.cased` for the same part, with nothing overwritten. */
  readonly cased: string;
};

/** A slice with what the words around its numbers call them. */
export type ReadSlice = Slice & { readonly meanings: NumberMeanings };

/**
 * Finds identifiers of one kind in a slice. The findings are in order and do not overlap. Texts are searched in slices
 * (find-in-slices.ts), so a finder may only depend on the 500 characters before an identifier and the 1,000 after its
 * start.
 */
export type Finder = (slice: ReadSlice, context: FinderContext) => readonly Finding[];

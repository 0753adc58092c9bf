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
  /** Countries whose national phone numbers are looked for, likely ones first; ISO 3166 codes. */
  readonly countries: readonly string[];
  /** Folded names, longest first. */
  readonly names: readonly string[];
};

/** Finds identifiers of one kind in a view. The findings are in order and do not overlap. */
export type Finder = (view: string, context: FinderContext) => readonly Finding[];

import { type Finding, identifierKinds } from './finding.ts';

export type Placeholders = {
  /** Returns the placeholder of a finding: the same one for the same kind and key. */
  of(finding: Finding, original: string): string;
  /** Call this before the texts of other people: identifiers that are only in these are not restored. */
  startOthers(): void;
  /** Replaces placeholders by the identifiers of the ticket. */
  restore(text: string): string;
};

const placeholderPattern = new RegExp(`\\[(?:${identifierKinds.join('|')})_\\d{1,6}\\]`, 'g');

/** Makes placeholders, but none that the texts already contain, because restoring those would change the text. */
export function createPlaceholders(texts: readonly string[]): Placeholders {
  const present = new Set(texts.flatMap((text) => text.match(placeholderPattern) ?? []));
  const byValue = new Map<string, string>();
  const originals = new Map<string, string>();
  const counts = new Map<string, number>();
  let isOther = false;
  const next = (kind: string): string => {
    for (;;) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      const placeholder = `[${kind}_${count}]`;
      if (!present.has(placeholder)) return placeholder;
    }
  };
  return {
    of: ({ kind, key }, original) => {
      const value = `${kind} ${key}`;
      const known = byValue.get(value);
      if (known !== undefined) return known;
      const placeholder = next(kind);
      byValue.set(value, placeholder);
      if (!isOther) originals.set(placeholder, original);
      return placeholder;
    },
    startOthers: () => {
      isOther = true;
    },
    restore: (text) => text.replace(placeholderPattern, (placeholder) => originals.get(placeholder) ?? placeholder),
  };
}

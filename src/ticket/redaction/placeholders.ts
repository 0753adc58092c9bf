import { type Finding, identifierKinds } from './finding.ts';

export type Placeholders = {
  of(finding: Finding, original: string): string;
  /** From here on come texts of others: what stands in them alone is not restored. */
  startOthers(): void;
  /** Puts the identifiers of the ticket back in place of their placeholders. */
  restore(text: string): string;
};

const placeholderPattern = new RegExp(`\\[(?:${identifierKinds.join('|')})_\\d{1,6}\\]`, 'g');

/** Hands out placeholders, leaving out those that the texts themselves spell: they are not ours to restore. */
export function createPlaceholders(texts: readonly string[]): Placeholders {
  const spelled = new Set(texts.flatMap((text) => text.match(placeholderPattern) ?? []));
  const byValue = new Map<string, string>();
  const originals = new Map<string, string>();
  const counts = new Map<string, number>();
  let isOther = false;
  const next = (kind: string): string => {
    for (;;) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      const placeholder = `[${kind}_${count}]`;
      if (!spelled.has(placeholder)) return placeholder;
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

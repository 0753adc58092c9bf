const names = new Map<string, Intl.DisplayNames>();

/** A language as another one calls it: `pt_BR` is Brazilian Portuguese in `en`. A tag that is no language stays as it is. */
export function languageName(tag: string, language: string): string {
  try {
    const known = names.get(language) ?? new Intl.DisplayNames(language, { type: 'language' });
    names.set(language, known);
    return known.of(tag.replaceAll('_', '-')) ?? tag;
  } catch {
    return tag;
  }
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** The English name of a language: German for `de`, Brazilian Portuguese for `pt_BR`; the tag itself when it is none. */
export function languageName(tag: string): string {
  try {
    return languageNames.of(tag.replaceAll('_', '-')) ?? tag;
  } catch {
    return tag;
  }
}

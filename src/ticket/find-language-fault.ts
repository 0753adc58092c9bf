/** Says why a text is no language code, and what to write instead; null when it is one, such as `de` or `pt-BR`. */
export function findLanguageFault(tag: string): { readonly message: string; readonly cure: string } | null {
  const locale = parseLocale(tag);
  if (locale === null) {
    const dashed = tag.replaceAll('_', '-');
    const cure = dashed !== tag && findLanguageFault(dashed) === null ? `Write ${dashed}.` : generalCure;
    return { message: `"${tag}" is not a language tag`, cure };
  }
  const { language } = locale;
  // There are thousands of codes of three letters, and Node has names for only a few hundred of them: all are accepted.
  if (language.length === 3 || (language.length === 2 && nameOf(language) !== null)) return null;
  const code = language.length === 2 ? languageOfCountry(language) : codeOfName(tag);
  return { message: `"${tag}" is not the code of a language`, cure: code === null ? generalCure : `Write ${code}.` };
}

/** The same for the language of a ticket, where `pt_BR`, as some helpdesks write it, is right as well. */
export const findTicketLanguageFault = (language: string) => findLanguageFault(language.replaceAll('_', '-'));

const generalCure = 'Write a code such as en, de or pt-BR.';

function parseLocale(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag);
  } catch {
    return null;
  }
}

const english = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

function nameOf(code: string): string | null {
  return english.of(code) ?? null;
}

/** The main language of a country: `ja` for `jp`. Null for English, which is also what Node returns without any data. */
function languageOfCountry(code: string): string | null {
  const { language } = new Intl.Locale(`und-${code}`).maximize();
  return nameOf(language) !== null && !['und', 'en'].includes(language) ? language : null;
}

/** The code of a language by its name in English or in the language itself: `de` for `German` and for `Deutsch`. */
function codeOfName(name: string): string | null {
  const wanted = name.toLowerCase();
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    if (nameOf(code) === null) continue;
    const own = new Intl.DisplayNames(code, { type: 'language' }).of(code);
    if ([nameOf(code), own].some((known) => known?.toLowerCase() === wanted)) return code;
  }
  return null;
}

/** Why no ticket has this language, and what to write; null for a language that is one. */
export function findLanguageFault(tag: string): { readonly message: string; readonly cure: string } | null {
  const locale = parseLocale(tag);
  if (locale === null) {
    const dashed = tag.replaceAll('_', '-');
    const cure = dashed !== tag && findLanguageFault(dashed) === null ? `Write ${dashed}.` : generalCure;
    return { message: `"${tag}" is not a language tag`, cure };
  }
  const { language } = locale;
  // There are thousands of codes of three letters; the names of a few hundred are known here.
  if (language.length === 3 || (language.length === 2 && nameOf(language) !== null)) return null;
  const code = language.length === 2 ? languageOfCountry(language) : codeOfName(tag);
  return { message: `"${tag}" is not the code of a language`, cure: code === null ? generalCure : `Write ${code}.` };
}

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

/** `jp` is a country; what is meant is the language that is spoken there most. */
function languageOfCountry(code: string): string | null {
  const { language } = new Intl.Locale(`und-${code}`).maximize();
  return nameOf(language) !== null && !['und', 'en'].includes(language) ? language : null;
}

/** The code of a language by its name, in English or in the language itself. */
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

// Every sentence that the page shows, by language. en/ has the originals; de/ has the same keys, which a test checks.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { keptInBrowser } from '../data/kept-texts.ts';
import de from './de.ts';
import en from './en.ts';

export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const CHOSEN = 'switchboard-language';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

const isLanguage = (text: string | null | undefined): text is Language => text != null && text in languages;

const languageOf = (tag: string) => tag.slice(0, 2).toLowerCase();

/** The language that was chosen here before, else the browser's, else English. */
function firstLanguage(): Language {
  const chosen = keptInBrowser.get(CHOSEN);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map(languageOf).find(isLanguage) ?? 'en';
}

/** `en-GB` for English in a browser that prefers it: dates and numbers are written as there. */
const tagOf = (language: Language) => navigator.languages.find((tag) => languageOf(tag) === language) ?? language;

export function chooseLanguage(language: Language): void {
  keptInBrowser.set(CHOSEN, language);
  void i18next.changeLanguage(tagOf(language));
}

export async function loadTexts(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18next.use(initReactI18next).init({
    lng: tagOf(firstLanguage()),
    fallbackLng: 'en',
    supportedLngs: Object.keys(languages),
    nonExplicitSupportedLngs: true,
    resources: { en: { translation: en }, de: { translation: de } },
    interpolation: { escapeValue: false }, // React escapes.
  });
}

import { eld } from 'eld/small';

/** Enough to tell a language; reading more only costs time. */
const MAX_READ = 2_000;

/** ISO 639-1 code of the language a text is written in, for example `de`; null when it is not clear. */
export function detectLanguage(text: string): string | null {
  const result = eld.detect(text.slice(0, MAX_READ));
  return result.language !== '' && result.isReliable() ? result.language : null;
}

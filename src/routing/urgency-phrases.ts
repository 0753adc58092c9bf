import { z } from 'zod';
import { foldText } from './fold-text.ts';

/** A longer one is a sentence, which nobody writes twice in the same words. */
export const MAX_PHRASE_LENGTH = 100;
/** Keeps reading a ticket fast: the program's own lists have fewer than 150 phrases for a language. */
export const MAX_PHRASES = 500;

const phraseSchema = z
  .string()
  .refine(
    (phrase) => /[\p{L}\p{N}]/u.test(phrase),
    'this phrase has no letter and no digit. Write words as customers write them, or remove it',
  )
  .refine(
    (phrase) => foldText(phrase).folded.length <= MAX_PHRASE_LENGTH,
    `this phrase is longer than ${MAX_PHRASE_LENGTH} characters. Write only the words that show the urgency`,
  );

const phrasesByLanguage = (description: string) =>
  z
    .record(
      z.string(),
      z
        .array(phraseSchema)
        .max(
          MAX_PHRASES,
          `Keep at most ${MAX_PHRASES} phrases for a language: the shortest that say it, not every sentence that contains them`,
        ),
    )
    .optional()
    .describe(`${description} Lists by language code, for example { en: [...], pt-BR: [...] }.`);

/** `urgency.phrases` of the configuration, and the file that it may name: plain phrases, by what they say and by language. */
export const urgencyPhrasesSchema = z.strictObject({
  danger: phrasesByLanguage('Danger to people or property: "is on fire". Makes a ticket critical.'),
  outage: phrasesByLanguage(
    'Everything, or everybody, has stopped: "the belt stands still". High; critical for a customer on a top tier.',
  ),
  deadline: phrasesByLanguage('A time that is near: "before the doors open". High.'),
  urgent: phrasesByLanguage('Other words for urgent: "code red". High.'),
  noHurry: phrasesByLanguage('Time to spare: "whenever it suits". Low, unless other words of the ticket are urgent.'),
  condition: phrasesByLanguage(
    'Beginnings of a condition: "in case of emergency". From there to the end of the sentence no word is urgent.',
  ),
  name: phrasesByLanguage(
    'Names that only contain such words, as of a telephone line or a product: "emergency exit lamp". They are not read.',
  ),
});
export type UrgencyPhrases = z.infer<typeof urgencyPhrasesSchema>;
export type UrgencyPhraseKind = keyof UrgencyPhrases;

/** Writing systems without spaces between words, and those in which small words are written onto others (Korean, Hebrew). */
const joinedScripts = new Set(['Jpan', 'Hans', 'Hant', 'Hani', 'Thai', 'Laoo', 'Khmr', 'Mymr', 'Tibt', 'Kore', 'Hebr']);

/** Whether phrases of a language are found only as whole words; otherwise also within a run of letters. */
export function hasWordBreaks(language: string): boolean {
  const { language: code, script } = new Intl.Locale(language).maximize();
  return code !== 'ar' && !joinedScripts.has(script ?? '');
}

import { plainLetter, styledLetters } from './letter-forms.ts';

/** Joiners within Latin, Greek and Cyrillic words are padding; in emoji, Arabic and Indic scripts they are letters. */
const joinerInWord =
  /(?<=[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{Nd}])[\u200C\u200D]+(?=[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{Nd}])/gu;
/** Zero-width, direction and tag characters, combining joiners of newsletters. */
const invisible =
  /\u034F|\uFE0F?\u20E3|[\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200E\u200F\u2060-\u2064\uFEFF\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu;

/**
 * Text as classifiers read it: without invisible and control characters, letters in one form, white space only where it
 * separates.
 */
export function tidyText(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      .replace(invisible, '')
      .replace(joinerInWord, '')
      .replace(styledLetters, plainLetter)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: this pattern is there to drop control characters.
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}

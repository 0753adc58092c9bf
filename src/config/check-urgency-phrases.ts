import { formatDataPath, type Located, type Path } from '../base/located-yaml.ts';
import type { Problem } from '../errors.ts';
import { foldText } from '../routing/fold-text.ts';
import { hasWordBreaks, urgencyPhrasesSchema } from '../routing/urgency-phrases.ts';
import { findLanguageFault } from '../ticket/find-language-fault.ts';
import { field, keys, list } from './fields.ts';

/** What stands in patterns and in no customer's words. */
const patternSign = /\\[a-z]|\.[*+]|\(\?|\||\[[a-z]-[a-z]/i;

/**
 * Finds the mistakes in phrases of urgency that a schema cannot express: unknown languages, phrases that every ticket
 * contains, and phrases with two meanings. `at` is where the phrases are in the value; wrong shapes are left to the schema.
 */
export function checkUrgencyPhrases(located: Located, at: Path): Problem[] {
  const problems: Problem[] = [];
  const phrases = at.reduce<unknown>((value, part) => field(value, String(part)), located.value);
  /** Where each phrase was first written, in the form in which it is searched. */
  const seen = new Map<string, { readonly kind: string; readonly path: Path }>();
  for (const kind of Object.keys(urgencyPhrasesSchema.shape)) {
    for (const language of keys(field(phrases, kind))) {
      const fault = findLanguageFault(language);
      if (fault !== null) {
        const path = [...at, kind, language];
        problems.push({ ...located.locateKey(path), ...fault, message: `${formatDataPath(path)}: ${fault.message}` });
      }
      list(field(field(phrases, kind), language)).forEach((phrase, index) => {
        if (typeof phrase !== 'string') return;
        const path = [...at, kind, language, index];
        const add = (message: string, cure: string) =>
          problems.push({ ...located.locate(path), message: `${formatDataPath(path)}: ${message}`, cure });
        const { folded } = foldText(phrase);
        const letters = folded.match(/[\p{L}\p{N}]/gu) ?? [];
        if (letters.length === 1 && !/\p{sc=Han}/u.test(folded) && (fault !== null || hasWordBreaks(language))) {
          add(`"${phrase}" is a single letter, which says nothing`, 'Write a word or more.');
        }
        if (patternSign.test(phrase)) {
          add(`"${phrase}" looks like a pattern, and phrases are searched as they stand`, 'Write each phrase out.');
        }
        const first = seen.get(folded);
        if (first === undefined) seen.set(folded, { kind, path });
        else if (first.kind !== kind && letters.length > 0) {
          add(
            `"${phrase}" is also in ${formatDataPath(first.path)}, and one phrase cannot mean both`,
            'Keep one of the two, or write more words of each.',
          );
        }
      });
    }
  }
  return problems;
}

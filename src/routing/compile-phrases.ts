import { arrangePatterns } from './arrange-patterns.ts';
import { foldText, withoutAccents } from './fold-text.ts';
import builtInPhrases from './urgency-phrases.json' with { type: 'json' };
import { hasWordBreaks, type UrgencyPhraseKind, type UrgencyPhrases } from './urgency-phrases.ts';

/** The built-in phrases of a kind, as patterns. */
type Patterns = {
  /** Match whole words, by language. */
  readonly wholeWords: Readonly<Record<string, readonly string[]>>;
  /** Also match inside words, for languages without spaces between words or with small words written onto others. */
  readonly anywhere: Readonly<Record<string, readonly string[]>>;
};

// Whole phrases, not single words: a smoke detector, a firewall and a fired employee are no danger.
const builtIn: Readonly<Record<UrgencyPhraseKind, Patterns>> = builtInPhrases;

/** Ways to name a person, by language; patterns write `<person>` where only people are in danger: "he can't breathe". */
const people: Readonly<Record<string, string>> = builtInPhrases.person;

const WORD_START = '(?<![\\p{L}\\p{M}\\p{N}_])';
const WORD_END = '(?![\\p{L}\\p{M}\\p{N}_])';

/** One pattern for each kind of phrase, which matches the built-in and the company's phrases in a folded text. */
export function compilePhrases(own: UrgencyPhrases): Readonly<Record<UrgencyPhraseKind, RegExp>> {
  const of = (kind: UrgencyPhraseKind) => compile(builtIn[kind], own[kind] ?? {});
  return {
    danger: of('danger'),
    outage: of('outage'),
    deadline: of('deadline'),
    urgent: of('urgent'),
    noHurry: of('noHurry'),
    condition: of('condition'),
    name: of('name'),
  };
}

function compile({ wholeWords, anywhere }: Patterns, own: Readonly<Record<string, readonly string[]>>): RegExp {
  const whole = Object.entries(wholeWords).map(([language, patterns]) =>
    withoutAccents(arrangePatterns({ patterns, person: people[language] })),
  );
  const anyPlace = Object.values(anywhere).map((patterns) => withoutAccents(arrangePatterns({ patterns })));
  const languages = Object.entries(own);
  const literals = (inWords: boolean) =>
    languages.flatMap(([language, phrases]) => (hasWordBreaks(language) === inWords ? phrases.map(literal) : []));
  // A company knows its phrases better than we do, and of two with the same beginning the longer one says more.
  const longestFirst = (phrases: readonly string[]) => [...phrases].sort((a, b) => b.length - a.length);
  const inWords = [...longestFirst(literals(true)), ...whole].join('|');
  const alternatives = [`${WORD_START}(?:${inWords})${WORD_END}`, ...longestFirst(literals(false)), ...anyPlace];
  return new RegExp(alternatives.join('|'), 'gu');
}

/** A phrase as a pattern that matches it alone. */
function literal(phrase: string): string {
  return foldText(phrase)
    .folded.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('\n', ' ');
}

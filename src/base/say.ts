/** What a sentence is made of: texts and numbers, or other sentences. */
export type FactValue = string | number | readonly string[] | readonly SentenceFacts[];

/** A sentence as facts: what it says as a stable code, and its values. A page says it in its own language. */
export type SentenceFacts = { readonly code: string; readonly values: Readonly<Record<string, FactValue>> };

/** A text for people in English, and what it says as facts: an entry for each sentence. */
export type Saying = { readonly text: string; readonly facts: readonly SentenceFacts[] };

type Value = string | number | readonly string[] | Saying | readonly Saying[];

/** A sentence, or a part of one, with its code and values. What German says for a code is in src/sentences/de. */
export function say(code: string, text: string, values: Readonly<Record<string, Value>> = {}): Saying {
  const facts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, factsOf(value)]));
  return { text, facts: [{ code, values: facts }] };
}

/** Words that are not Switchboard's own. */
export const verbatim = (text: string): Saying => say('verbatim', text, { text });

/** The same facts with another text, where sentences are joined to one in English. */
export const withText = ({ facts }: Saying, text: string): Saying => ({ text, facts });

/** A text that was stored with its facts; without them, it is taken as it is. */
export function sayingOf(text: string, facts: readonly SentenceFacts[] | undefined): Saying {
  return facts === undefined ? verbatim(text) : { text, facts };
}

/** Sentences one after the other. */
export function sayAll(sayings: readonly Saying[]): Saying {
  const texts = sayings.map(({ text }) => text).filter((text) => text !== '');
  return { text: texts.join(' '), facts: sayings.flatMap(({ facts }) => facts) };
}

function factsOf(value: Value): FactValue {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if ('facts' in value) return value.facts;
  return isTexts(value) ? value : value.flatMap(({ facts }) => facts);
}

const isTexts = (values: readonly string[] | readonly Saying[]): values is readonly string[] =>
  values.every((value) => typeof value === 'string');

import { createHash } from 'node:crypto';
import { normaliseText } from '../../ticket/normalise-text.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { languageOfTicket, primaryLanguage } from '../../ticket/ticket-language.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import type { LabelBook } from '../imitations/label-book.ts';
import type { SetAsideImitations } from '../imitations/set-aside-imitations.ts';
import { shortQuote } from './reasoning.ts';
import { hashText } from './vector-cache.ts';

/** A labelled ticket with everything that is computed from its text, without what imitates labels. */
export type PreparedExample = {
  readonly id: string;
  readonly intent: string;
  readonly text: string;
  readonly normalisedText: string;
  /** The beginning of the text; null for words of a customer, which must not be shown to others. */
  readonly quote: string | null;
  readonly language: string | null;
  readonly textHash: string;
  /** Hash of id, intent and text. */
  readonly hash: Buffer;
  /** The names of intents that its text has. */
  readonly names: readonly string[];
};

const HASH_BYTES = 16;
/** A language counts as covered with at least this many examples. */
const MIN_EXAMPLES_OF_LANGUAGE = 2;

export function prepareExample(
  example: Omit<LabelledTicket, 'intent'> & { intent: string },
  {
    quotable = false,
    setAside = (text) => text,
    labels,
  }: { readonly quotable?: boolean; readonly setAside?: SetAsideImitations; readonly labels?: LabelBook } = {},
): PreparedExample {
  const whole = ticketText(example).text;
  const text = setAside(whole) || whole;
  const { id, intent } = example;
  const hash = createHash('sha256')
    .update(JSON.stringify([id, intent, text]))
    .digest()
    .subarray(0, HASH_BYTES);
  const language = primaryLanguage(languageOfTicket(example));
  return {
    id,
    intent,
    text,
    normalisedText: normaliseText(text),
    quote: quotable ? shortQuote(whole) : null,
    language,
    textHash: hashText(text),
    hash,
    names: labels === undefined ? [] : [...new Set(labels.findNames(text).map(({ name }) => name.words))],
  };
}

/** The examples by id, with a version that depends on their content and not on their order. */
export class ExampleSet {
  readonly #byId = new Map<string, PreparedExample>();
  readonly #languages = new Map<string, number>();
  readonly #intents = new Map<string, number>();
  readonly #names = new Map<string, number>();
  readonly #byText = new Map<string, Set<PreparedExample>>();
  // XOR of the hashes: adding and then removing an example restores the earlier version.
  readonly #sum = Buffer.alloc(HASH_BYTES);

  get size(): number {
    return this.#byId.size;
  }

  get version(): string {
    return `${this.#byId.size}-${this.#sum.toString('hex')}`;
  }

  values(): IterableIterator<PreparedExample> {
    return this.#byId.values();
  }

  get(id: string): PreparedExample | undefined {
    return this.#byId.get(id);
  }

  /** Adds an example, or replaces the one with the same id. */
  put(example: PreparedExample): void {
    this.remove(example.id);
    this.#byId.set(example.id, example);
    this.#byText.set(example.normalisedText, (this.#byText.get(example.normalisedText) ?? new Set()).add(example));
    this.#count(example, 1);
  }

  remove(id: string): void {
    const example = this.#byId.get(id);
    if (example === undefined) return;
    this.#byId.delete(id);
    const twins = this.#byText.get(example.normalisedText);
    twins?.delete(example);
    if (twins?.size === 0) this.#byText.delete(example.normalisedText);
    this.#count(example, -1);
  }

  /** The intent that one of the company's own examples gives to this very text, and no example contradicts; else null. */
  intentOfText(text: string): string | null {
    const twins = [...(this.#byText.get(normaliseText(text)) ?? [])];
    const own = twins.find(({ quote }) => quote !== null);
    return own !== undefined && text !== '' && twins.every(({ intent }) => intent === own.intent) ? own.intent : null;
  }

  covers(language: string): boolean {
    return (this.#languages.get(language) ?? 0) >= Math.min(MIN_EXAMPLES_OF_LANGUAGE, this.#byId.size);
  }

  /** Whether the language of most examples is known: it is not where they are a few words each. */
  get knowsLanguages(): boolean {
    let known = 0;
    for (const count of this.#languages.values()) known += count;
    return 2 * known >= this.#byId.size;
  }

  /** The number of examples of an intent. */
  countOf(intent: string): number {
    return this.#intents.get(intent) ?? 0;
  }

  /** Whether an example has this name of an intent in its text. */
  says(name: string): boolean {
    return (this.#names.get(name) ?? 0) > 0;
  }

  #count({ hash, language, intent, names }: PreparedExample, by: 1 | -1): void {
    for (let i = 0; i < HASH_BYTES; i++) this.#sum[i]! ^= hash[i]!;
    if (language !== null) add(this.#languages, { key: language, by });
    add(this.#intents, { key: intent, by });
    for (const name of names) add(this.#names, { key: name, by });
  }
}

function add(counts: Map<string, number>, { key, by }: { key: string; by: number }): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

import { primaryLanguage } from '../../ticket/ticket-language.ts';
import { amountToShow, NEIGHBOURS, type Neighbour } from './label-spread.ts';
import { mayOverlap, sketchWords, type WordSketch } from './word-sketch.ts';

/** A document that a search found. */
export type Candidate = {
  readonly id: string;
  readonly intent: string;
  readonly similarity: number;
  /** What the similarity is: the cosine of two embeddings, or the share of the words' weight that both have. */
  readonly by: 'meaning' | 'words';
  /** The text after `normaliseText`, for the comparison of near duplicates. */
  readonly normalisedText: string;
};

export type SelectOptions = {
  /** `auto`: by how far the labels of the nearest candidates agree. */
  readonly k: number | 'auto';
  readonly perIntent: number | 'auto';
  /** The bound for similarity in meaning. */
  readonly minSimilarity: number;
  /** The bound for common words; `MIN_COMMON_WORDS` when left out. */
  readonly minCommonWords?: number | undefined;
  /** Only examples of these intents; all when left out. */
  readonly intents?: ReadonlySet<string> | undefined;
  readonly excludeIds: ReadonlySet<string>;
};

export type Selection = {
  readonly found: readonly Candidate[];
  /** The nearest candidates, up to 30: also those that are not chosen. */
  readonly neighbours: readonly Neighbour[];
};

/**
 * The least share of the weight of a text's words that an example must have in common with it. It is far below the bound
 * for meaning, because most words of a letter occur in no other. Chosen on the Spanish tickets of the sample, of which every
 * one has an example above it; `npm run bench:examples` measures it on the German and French ones.
 */
export const MIN_COMMON_WORDS = 0.02;

/** With a fixed number of examples, at most this many of one intent. */
const PER_INTENT = 2;

/**
 * Two examples with at least this share of common words are near duplicates: the second one would teach nothing new.
 */
const NEAR_DUPLICATE = 0.9;

/**
 * Chooses up to `k` candidates, which must come best first. Leaves out excluded and dissimilar ones, those beyond
 * `perIntent`, and near duplicates of a chosen one.
 */
export function selectExamples(candidates: Iterable<Candidate>, options: SelectOptions): Selection {
  // Not a generator around another one, which would take longer than what is done with a candidate.
  const remaining = candidates[Symbol.iterator]();
  const near: Candidate[] = [];
  while (near.length < NEIGHBOURS) {
    const next = nextSimilar(remaining, options);
    if (next === null) break;
    near.push(next);
  }
  return {
    found: choose({ near, further: () => nextSimilar(remaining, options), ...amountOf(options, near) }),
    neighbours: near.map(({ intent }) => ({ intent })),
  };
}

function amountOf({ k, perIntent }: SelectOptions, near: readonly Candidate[]) {
  if (k !== 'auto') return { k, perIntent: perIntent === 'auto' ? PER_INTENT : perIntent };
  const amount = amountToShow(near);
  return { k: amount.k, perIntent: perIntent === 'auto' ? amount.perIntent : perIntent };
}

/** True unless both languages are known and differ: common words of two languages are names, codes and chance. */
export function mayShareWords(one: string | null, other: string | null): boolean {
  return one === null || other === null || written(one) === written(other);
}

/** Languages that are written so much alike that they are mistaken for each other, and share their words. */
const alike: Readonly<Record<string, string>> = { nb: 'no', nn: 'no', bs: 'hr', sr: 'hr', sh: 'hr', id: 'ms' };

function written(language: string): string | null {
  const primary = primaryLanguage(language);
  return (primary === null ? undefined : alike[primary]) ?? primary;
}

/** Null when there is no further one. */
function nextSimilar(candidates: Iterator<Candidate>, options: SelectOptions): Candidate | null {
  const { minSimilarity, minCommonWords = MIN_COMMON_WORDS, intents, excludeIds } = options;
  for (;;) {
    const next = candidates.next();
    if (next.done === true) return null;
    const candidate = next.value;
    if (candidate.similarity < (candidate.by === 'meaning' ? minSimilarity : minCommonWords)) continue;
    if (excludeIds.has(candidate.id) || intents?.has(candidate.intent) === false) continue;
    return candidate;
  }
}

function choose(options: {
  near: readonly Candidate[];
  further: () => Candidate | null;
  k: number;
  perIntent: number;
}): Candidate[] {
  const chosen: { readonly candidate: Candidate; readonly sketch: WordSketch }[] = [];
  const perIntent = new Map<string, number>();
  for (let place = 0; chosen.length < options.k; place++) {
    const candidate = options.near[place] ?? options.further();
    if (candidate === null) break;
    const count = perIntent.get(candidate.intent) ?? 0;
    if (count >= options.perIntent) continue;
    const sketch = sketchWords(candidate.normalisedText);
    const isDuplicate = chosen.some(
      (other) => mayOverlap(sketch, other.sketch, NEAR_DUPLICATE) && isNearDuplicate(candidate, other.candidate),
    );
    if (isDuplicate) continue;
    chosen.push({ candidate, sketch });
    perIntent.set(candidate.intent, count + 1);
  }
  return chosen.map(({ candidate }) => candidate);
}

function isNearDuplicate(a: Candidate, b: Candidate): boolean {
  return overlap(new Set(a.normalisedText.split(' ')), new Set(b.normalisedText.split(' '))) >= NEAR_DUPLICATE;
}

/** Jaccard similarity: common words over all words. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return common / (a.size + b.size - common);
}

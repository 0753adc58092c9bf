import { count } from '../../base/plural.ts';
import { type Saying, say } from '../../base/say.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../../ticket/ticket.ts';
import { ADAPTATION_SIZES } from '../criteria/adaptation.ts';
import { comparableText, variantGroup } from '../dataset/drop-leaks.ts';
import { shuffled } from '../metrics/seeded-random.ts';
import { sample } from './plan-trials.ts';

/** Intents that the taxonomy does not have yet, with tickets to learn them from and to test them with. */
export type Launch = {
  /** The taxonomy with the new intents added. */
  readonly taxonomy: Taxonomy;
  readonly train: readonly Example[];
  /** Test tickets; null uses those of the data set. */
  readonly test: readonly LabelledTicket[] | null;
};

/** What is learned and asked in each step, to see how fast new intents are learned. */
export type AdaptationPlan = {
  readonly areNew: boolean;
  readonly intents: readonly string[];
  /** How many tickets every withheld intent has at least. */
  readonly available: number;
  readonly tickets: readonly LabelledTicket[];
  /** The taxonomy used for learning and asking. */
  readonly taxonomy: Taxonomy;
  /** Ordered by number of tickets: all examples of other intents, and that many of each withheld intent. */
  readonly steps: readonly { readonly tickets: number; readonly examples: readonly Example[] }[];
};

const MAX_INTENTS = 5;
/** Intents with fewer tickets to learn from are not used: they would give no curve. */
const MIN_TO_LEARN = 5;
const MIN_TO_ASK = 3;
const MAX_TICKETS_PER_INTENT = 20;
/** With more examples, training for every point takes minutes, so the criterion must be requested by name. */
const MAX_EXAMPLES_UNASKED = 3_000;

export const adaptationTrial = (tickets: number): string => `adapt-${tickets}`;

/** Chooses the intents and what is learned of them. Returns `why` when the criterion cannot be measured. */
export function planAdaptation(options: {
  readonly tickets: readonly LabelledTicket[];
  readonly examples: readonly Example[];
  readonly taxonomy: Taxonomy;
  /** New intents; null withholds some of the known intents with most tickets. */
  readonly launch: Launch | null;
  readonly seed: number;
  readonly isAskedFor: boolean;
}): AdaptationPlan | { readonly why: Saying } {
  const { examples, seed } = options;
  const { launch } = options;
  if (examples.length > MAX_EXAMPLES_UNASKED && !options.isAskedFor && launch === null) {
    return {
      why: say(
        'criterion.takes-minutes',
        `With ${count(examples.length, 'example')}, training again for each point of the curve takes minutes. Request it with --criteria adaptation.`,
        { examples: examples.length },
      ),
    };
  }
  const source = launch?.test ?? options.tickets;
  const asked = source.filter(({ intent, variantOf }) => intent !== null && variantOf === undefined);
  const learnable = (launch?.train ?? examples).filter(distinctFrom(asked));
  const candidates = candidatesOf({ asked, learnable });
  const chosen = launch === null ? candidates.slice(0, MAX_INTENTS) : candidates;
  if (chosen.length === 0) {
    return {
      why: say(
        'criterion.none-to-learn',
        `No intent has ${MIN_TO_LEARN} tickets to learn from and ${MIN_TO_ASK} to be asked about. Name more with evaluation.adaptation.`,
        { learn: MIN_TO_LEARN, ask: MIN_TO_ASK },
      ),
    };
  }
  const intents = chosen.map(({ intent }) => intent).sort();
  const withheld = new Set(intents);
  const base = examples.filter(({ intent }) => !withheld.has(intent));
  if (base.length === 0) {
    return { why: say('criterion.none-left', 'Withholding intents would leave no examples of others.') };
  }
  const available = Math.min(...chosen.map(({ toLearn }) => toLearn.length));
  const steps = ADAPTATION_SIZES.filter((size) => size <= available).map((size) => ({
    tickets: size,
    examples: [...base, ...chosen.flatMap(({ toLearn }) => shuffled(toLearn, seed).slice(0, size))],
  }));
  const perIntent = launch === null ? MAX_TICKETS_PER_INTENT : Number.POSITIVE_INFINITY;
  const tickets = chosen.flatMap(({ toAsk }) => sample(toAsk, seed, perIntent));
  return {
    areNew: launch !== null,
    intents,
    available,
    tickets,
    taxonomy: launch?.taxonomy ?? options.taxonomy,
    steps,
  };
}

function candidatesOf(options: { readonly asked: readonly LabelledTicket[]; readonly learnable: readonly Example[] }) {
  const intents = [...new Set(options.learnable.map(({ intent }) => intent))].sort();
  return intents
    .map((intent) => ({
      intent,
      toLearn: options.learnable.filter((example) => example.intent === intent),
      toAsk: options.asked.filter((ticket) => ticket.intent === intent),
    }))
    .filter(({ toLearn, toAsk }) => toLearn.length >= MIN_TO_LEARN && toAsk.length >= MIN_TO_ASK)
    .sort((a, b) => b.toLearn.length - a.toLearn.length || (a.intent < b.intent ? -1 : 1));
}

/** Filters out repeated texts and texts that are asked about. */
function distinctFrom(asked: readonly LabelledTicket[]): (example: Example) => boolean {
  const groups = new Set(asked.map(variantGroup));
  const seen = new Set(asked.map(comparableText));
  return (example) => {
    const text = comparableText(example);
    if (groups.has(variantGroup(example)) || seen.has(text)) return false;
    seen.add(text);
    return true;
  };
}

import type { AnswerRecord } from '../opinion.ts';

/** The intent of an example near a ticket. */
export type Neighbour = { readonly intent: string };

/** How the labels of the nearest examples are spread. */
export type LabelSpread = {
  /** Number of examples counted. */
  readonly count: number;
  /** Most frequent first. */
  readonly intents: readonly { readonly intent: string; readonly count: number }[];
};

/** How many of the nearest examples are looked at to see whether their labels agree. */
export const NEIGHBOURS = 30;

// How many examples are shown. Chosen on examples of banking77 (8, 30 and 100 an intent) and clinc150 (20) that were left
// out of the search, with their own labels and with a quarter of them swapped; `npm run bench:examples` measures it on others.
const FEWEST = { k: 5, perIntent: 2 };
const SOME = { k: 7, perIntent: 3 };
const MOST = { k: 10, perIntent: 4 };
const DECIDING = 5;
const NOISY_AMONG = 10;
/**
 * A desk whose held-out tickets the embedded engine gets wrong this often has labels that disagree. It was right for 82 to
 * 99 % of them on the sample, banking77 (15 an intent) and insurance, and for 50 to 53 % with a quarter of the labels drawn
 * at random. Neighbours alone do not tell: in a noisy desk no label is frequent among them, as where intents are small.
 */
const NOISY_ACCURACY = 0.7;
/** With fewer examples an intent, a low accuracy may come from that. */
const EXAMPLES_PER_INTENT = 5;
/** In a noisy desk, the labels near a ticket are mixed from here on: a ticket whose neighbours agree is a clear one. */
const MIXED_FROM = 0.6;
/** From here labels that belong apart are mixed. Of tickets with clean labels and few examples an intent, few reach it. */
const NOISY_FROM = 0.45;

export type Amount = { readonly k: number; readonly perIntent: number };

/** How many examples to show: few where the five nearest agree, more where they do not. */
export function amountToShow(neighbours: readonly Neighbour[]): Amount {
  const agreeing = countByIntent(neighbours.slice(0, DECIDING))[0]?.count ?? 0;
  const others = Math.min(DECIDING, neighbours.length) - agreeing;
  return others === 0 ? FEWEST : others === 1 ? SOME : MOST;
}

/** How many examples of one intent to show among `k`. */
export function perIntentAmong(k: number): number {
  return [FEWEST, SOME].find((amount) => k <= amount.k)?.perIntent ?? MOST.perIntent;
}

/** The fewest examples that are shown where there are as many. */
export const FEWEST_SHOWN = FEWEST.k;

/** An amount in the middle, for estimates. */
export const USUALLY_SHOWN = SOME.k;

export function spreadOfLabels(neighbours: readonly Neighbour[]): LabelSpread {
  return { count: neighbours.length, intents: countByIntent(neighbours) };
}

/** Whether the labels of a desk disagree, by the embedded engine's held-out answers; false where they cannot tell. */
export function isNoisyDesk({ heldOut, intentCount }: { heldOut: AnswerRecord | null; intentCount: number }): boolean {
  if (heldOut === null || heldOut.of < EXAMPLES_PER_INTENT * intentCount) return false;
  return heldOut.right < NOISY_ACCURACY * heldOut.of;
}

/**
 * True where the labels of near examples are mixed: the desk is a noisy one and the ten nearest ones disagree, or they
 * disagree clearly more often than they must, given how many examples of each intent are near. An intent with few examples
 * alone makes no neighbourhood noisy.
 */
export function isNoisy(
  neighbours: readonly Neighbour[],
  { inNoisyDesk = false }: { inNoisyDesk?: boolean } = {},
): boolean {
  if (neighbours.length < NOISY_AMONG) return false;
  const nearest = countByIntent(neighbours.slice(0, NOISY_AMONG)).map(({ count }) => count);
  if (inNoisyDesk && disagreement(nearest) >= MIXED_FROM) return true;
  const all = countByIntent(neighbours).map(({ count }) => count);
  return disagreement(nearest) - disagreement(firstOf(all, NOISY_AMONG)) >= NOISY_FROM;
}

/** The counts among the first `length` examples if those of the most frequent intents came first. */
function firstOf(counts: readonly number[], length: number): number[] {
  let left = length;
  return counts.map((count) => {
    const taken = Math.min(count, left);
    left -= taken;
    return taken;
  });
}

/** Share of the pairs of examples that have different labels. */
function disagreement(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const agreeing = counts.reduce((sum, count) => sum + count * (count - 1), 0);
  return total < 2 ? 0 : 1 - agreeing / (total * (total - 1));
}

/** Of equal counts, the intent of the nearer example comes first. */
function countByIntent(neighbours: readonly Neighbour[]): { intent: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { intent } of neighbours) counts.set(intent, (counts.get(intent) ?? 0) + 1);
  return [...counts].map(([intent, count]) => ({ intent, count })).sort((a, b) => b.count - a.count);
}

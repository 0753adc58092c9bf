import { createRandom, shuffle } from './random.ts';

/** Below this many examples every one is held out once; above, one tenth is held out. */
const FOLDS_BELOW = 1_500;
// A model trained on 4/5 of ten examples an intent is visibly worse than the final one, so that 5 folds make it too
// modest: on banking77 with ten an intent 10 folds bring the calibration error from .027 to the figure in
// benchmarks/results/accuracy.json.
const FOLDS = 10;
const MIN_EXAMPLES = 5;
const HOLD_OUT_SHARE = 0.1;
/** Share of the intents that are left out of one training, so that their tickets are strangers to it. */
const STRANGE_INTENTS = 0.25;
const MIN_INTENTS = 3;
const MAX_STRANGERS = 1_000;

/** Sets of indices to hold out, in a fixed random order; none when there are too few. */
export function heldOutSplits(count: number): Set<number>[] {
  if (count < MIN_EXAMPLES) return [];
  const order = shuffled(count, 7);
  if (count >= FOLDS_BELOW) return [new Set(order.slice(0, Math.round(count * HOLD_OUT_SHARE)))];
  const folds = Math.min(FOLDS, count);
  return Array.from({ length: folds }, (_, fold) => new Set(order.filter((_, i) => i % folds === fold)));
}

/** Classes to leave out of a training, and which of their texts to judge it by; null with too few classes. */
export function strangeIntents(labels: readonly number[]): { classes: Set<number>; texts: number[] } | null {
  const present = [...new Set(labels)].sort((a, b) => a - b);
  if (present.length < MIN_INTENTS) return null;
  const count = Math.max(1, Math.round(present.length * STRANGE_INTENTS));
  const classes = new Set(
    shuffled(present.length, 11)
      .slice(0, count)
      .map((i) => present[i]!),
  );
  const texts = shuffled(labels.length, 13).filter((i) => classes.has(labels[i]!));
  return { classes, texts: texts.slice(0, MAX_STRANGERS) };
}

function shuffled(count: number, seed: number): number[] {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  shuffle(order, createRandom(seed));
  return [...order];
}

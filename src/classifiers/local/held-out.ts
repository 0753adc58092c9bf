import { createRandom, shuffle } from './random.ts';

/** With fewer examples, each one is held out once; from this number on, one tenth is held out. */
const FOLDS_BELOW = 1_500;
// With 5 folds a model is trained on 4/5 of the examples. With ten examples per intent that is clearly worse than the
// final model, so the confidence becomes too low. On banking77 with ten examples per intent, 5 folds gave a calibration
// error of .027; the one with 10 folds is in benchmarks/results/accuracy.json.
const FOLDS = 10;
const MIN_EXAMPLES = 5;
/**
 * A training leaves out one of this many groups of intents, so that their tickets are out of scope for it. With few
 * examples each group is left out once, otherwise one group is.
 */
const GROUPS = 4;
const MIN_INTENTS = 3;
const MAX_STRANGERS = 1_000;

/**
 * Returns sets of indices to hold out, chosen by a fixed random order; none when there are too few examples. Each set
 * has as equal a share of every class as possible, so that no training loses half of a class with four examples.
 */
export function heldOutSplits(labels: readonly number[]): Set<number>[] {
  const count = labels.length;
  if (count < MIN_EXAMPLES) return [];
  const order = shuffled(count, 7).sort((a, b) => labels[a]! - labels[b]!);
  const folds = Math.min(FOLDS, count);
  const held = Array.from({ length: folds }, (_, fold) => new Set(order.filter((_, i) => i % folds === fold)));
  return count < FOLDS_BELOW ? held : held.slice(0, 1);
}

/** Classes that a training leaves out, and the indices of their texts to judge it with. */
export type LeftOut = { readonly classes: ReadonlySet<number>; readonly texts: readonly number[] };

/** Chooses the classes that trainings leave out, one entry for each training; none with too few classes. */
export function leaveOutIntents(labels: readonly number[]): LeftOut[] {
  const present = [...new Set(labels)].sort((a, b) => a - b);
  if (present.length < MIN_INTENTS) return [];
  const groups = Math.min(GROUPS, present.length);
  const order = shuffled(present.length, 11).map((i) => present[i]!);
  const texts = shuffled(labels.length, 13);
  return Array.from({ length: labels.length < FOLDS_BELOW ? groups : 1 }, (_, group) => {
    const classes = new Set(order.filter((_, i) => i % groups === group));
    return { classes, texts: texts.filter((i) => classes.has(labels[i]!)).slice(0, MAX_STRANGERS) };
  });
}

function shuffled(count: number, seed: number): number[] {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  shuffle(order, createRandom(seed));
  return [...order];
}

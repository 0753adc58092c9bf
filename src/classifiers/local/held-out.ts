import { createRandom, shuffle } from './random.ts';

/** With fewer examples, each one is held out once; from this number on, one tenth is held out. */
const FOLDS_BELOW = 1_500;
// With 5 folds a model is trained on 4/5 of the examples. With ten examples per intent that is clearly worse than the
// final model, so the confidence becomes too low. On banking77 with ten examples per intent, 5 folds gave a calibration
// error of .027; the one with 10 folds is in benchmarks/results/accuracy.json.
const FOLDS = 10;
const MIN_EXAMPLES = 5;
const HOLD_OUT_SHARE = 0.1;
/** Share of the intents that one training leaves out, so that their tickets are out of scope for it. */
const LEFT_OUT_SHARE = 0.25;
const MIN_INTENTS = 3;
const MAX_OUT_OF_SCOPE = 1_000;

/** Returns sets of indices to hold out, chosen by a fixed random order; none when there are too few examples. */
export function heldOutSplits(count: number): Set<number>[] {
  if (count < MIN_EXAMPLES) return [];
  const order = shuffled(count, 7);
  if (count >= FOLDS_BELOW) return [new Set(order.slice(0, Math.round(count * HOLD_OUT_SHARE)))];
  const folds = Math.min(FOLDS, count);
  return Array.from({ length: folds }, (_, fold) => new Set(order.filter((_, i) => i % folds === fold)));
}

/** Chooses classes to leave out of a training, and the texts of them to judge it with; null with too few classes. */
export function leaveOutIntents(labels: readonly number[]): { classes: Set<number>; texts: number[] } | null {
  const present = [...new Set(labels)].sort((a, b) => a - b);
  if (present.length < MIN_INTENTS) return null;
  const count = Math.max(1, Math.round(present.length * LEFT_OUT_SHARE));
  const classes = new Set(
    shuffled(present.length, 11)
      .slice(0, count)
      .map((i) => present[i]!),
  );
  const texts = shuffled(labels.length, 13).filter((i) => classes.has(labels[i]!));
  return { classes, texts: texts.slice(0, MAX_OUT_OF_SCOPE) };
}

function shuffled(count: number, seed: number): number[] {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  shuffle(order, createRandom(seed));
  return [...order];
}

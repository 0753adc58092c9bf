import { quantile } from '../http/open-loop.ts';

/** Between two thirds of the time: less is noise of the garbage collector. */
const NOISE = 0.05;
/** Of the growth before, to count as about as much. */
const SAME_SHARE = 0.7;

/** The median memory in each third of the time. */
export function mediansByThird(samplesMb: readonly number[]): [number, number, number] {
  const third = samplesMb.length / 3;
  const median = (part: number) =>
    quantile(samplesMb.slice(Math.floor(part * third), Math.floor((part + 1) * third)), 0.5);
  return [median(0), median(1), median(2)];
}

/**
 * Whether memory grew from each third of the time to the next, and by about as much: a leak goes on as it began, while a
 * program that warms up grows less and less.
 */
export function growsSteadily(samplesMb: readonly number[]): boolean {
  const [first, second, last] = mediansByThird(samplesMb);
  const grows = second > first * (1 + NOISE) && last > second * (1 + NOISE);
  return grows && last - second > SAME_SHARE * (second - first);
}

import { quantile } from '../http/open-loop.ts';

/** Between two thirds of the time: less is noise of the garbage collector. */
const NOISE = 0.05;

/** The median memory in each third of the time. */
export function mediansByThird(samplesMb: readonly number[]): [number, number, number] {
  const third = samplesMb.length / 3;
  const median = (part: number) =>
    quantile(samplesMb.slice(Math.floor(part * third), Math.floor((part + 1) * third)), 0.5);
  return [median(0), median(1), median(2)];
}

/** Whether memory grew from each third of the time to the next. A program that warms up stops growing. */
export function growsSteadily(samplesMb: readonly number[]): boolean {
  const [first, second, last] = mediansByThird(samplesMb);
  return second > first * (1 + NOISE) && last > second * (1 + NOISE);
}

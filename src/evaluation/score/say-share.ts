import { type Saying, say } from '../../base/say.ts';
import { percentWithInterval } from './format-figures.ts';

/** A share with its interval, where it has one: `94.1 % (91.2–96.3)`. */
export function sayShare(share: { value: number; low: number | null; high: number | null }): Saying {
  const text = percentWithInterval(share);
  const { value, low, high } = share;
  return low === null || high === null
    ? say('criterion.share', text, { value })
    : say('criterion.share-between', text, { value, low, high });
}

import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import type { ReviewItem } from '../../data/api-types.ts';
import type { ReviewQueue, Said } from '../../data/review-queue.ts';

/** Whether an item is about what a person said, and not about a ticket. */
export const isJudged = ({ kind }: Pick<ReviewItem, 'kind'>): boolean => kind === 'correction' || kind === 'example';

/**
 * While a search or the list of keys is open, keys belong to it. A key that is held down must not answer what nobody has read.
 */
const isIgnored = ({ repeat }: KeyboardEvent) => repeat || document.querySelector('[role="dialog"]') !== null;

/** Everything can be done without a mouse. `queue` is told what was said; `open` opens the searches. */
export function useReviewKeys(options: {
  item: ReviewItem;
  queue: ReviewQueue;
  choices: readonly string[];
  open(search: 'intent' | 'team'): void;
}): void {
  const { item, queue, choices, open } = options;
  const canConfirm = item.suggestion !== null && item.suggestion.intent !== null;
  const say = (said: Said) => (event: KeyboardEvent) => {
    if (!isIgnored(event)) queue.decide(said);
  };
  const search = (which: 'intent' | 'team') => (event: KeyboardEvent) => {
    if (!isIgnored(event)) open(which);
  };
  const onTicket: HotkeyItem[] = [
    ...choices.map((intent, index): HotkeyItem => [`${index + 1}`, say({ verdict: 'wrong', intent })]),
    ['c', search('intent')],
    ['/', search('intent')],
    ['o', say({ verdict: 'wrong', outOfScope: true })],
    ['t', search('team')],
  ];
  if (canConfirm) onTicket.push(['r', say({ verdict: 'right' })]);
  const onFeedback: HotkeyItem[] = [
    ['a', say({ verdict: 'approve' })],
    ['x', say({ verdict: 'reject' })],
  ];
  useHotkeys([...(isJudged(item) ? onFeedback : onTicket), ['s', say({ verdict: 'skip' })]]);
}

/** Keys that also work when nothing is left. */
export function useDeskKeys(queue: ReviewQueue): void {
  useHotkeys([
    ['u', (event) => void (isIgnored(event) || queue.undo())],
    ['m', (event) => void (isIgnored(event) || queue.move())],
  ]);
}

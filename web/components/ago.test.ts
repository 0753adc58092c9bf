import { expect, test } from 'vitest';
import { formatAgo } from './ago.tsx';

const now = Date.UTC(2026, 10, 27, 12);
const ago = (seconds: number, language = 'en') =>
  formatAgo({ moment: new Date(now - seconds * 1_000), now, language }).replace(/[\u202f\u00a0]/g, ' ');

test('says how long ago something was, and after a week when it was', () => {
  expect([0, 59, 60, 3_599, 7_200, 86_400, 3 * 86_400].map((seconds) => ago(seconds))).toEqual([
    'now',
    'now',
    '1 min. ago',
    '59 min. ago',
    '2 hr. ago',
    'yesterday',
    '3 days ago',
  ]);
  expect(ago(8 * 86_400, 'de')).toBe('19. Nov.');
  expect(ago(400 * 86_400)).toBe('Oct 23, 2025');
});

test('a moment ahead, as of a clock that runs fast, is now', () => {
  expect(ago(-90)).toBe('now');
});

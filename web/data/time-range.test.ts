import { expect, test } from 'vitest';
import { parseRange, timeRange } from './time-range.ts';

const now = Date.parse('2026-11-27T12:34:56Z');

test('a range begins with a whole step and ends now', () => {
  expect(timeRange('day', now)).toEqual({ range: 'day', step: 'hour', since: '2026-11-26T13:00:00.000Z' });
  expect(timeRange('week', now)).toEqual({ range: 'week', step: 'hour', since: '2026-11-20T13:00:00.000Z' });
  expect(timeRange('month', now)).toEqual({ range: 'month', step: 'day', since: '2026-10-29T00:00:00.000Z' });
});

test('what an address says and is no range is left out', () => {
  expect(parseRange({ range: 'week' })).toEqual({ range: 'week' });
  expect(parseRange({ range: 'year' })).toEqual({});
  expect(parseRange({})).toEqual({});
});

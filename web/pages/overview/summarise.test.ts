import { expect, test } from 'vitest';
import type { SeriesPoint } from '../../data/api-types.ts';
import { summarise } from './summarise.ts';

const point = (local: number, p50: number | null): SeriesPoint => ({
  start: '2026-11-27T00:00:00.000Z',
  tickets: local + 1,
  byStage: { local, claude: 0, 'second-opinion': 0, correction: 0, none: 0 },
  abstained: 1,
  costUsd: 0.5,
  decisionMs: p50 === null ? null : { p50, p90: 2 * p50 },
  confidence: [0, 0, 0, 0, 0, 0, 0, 0, 1, local],
  corrections: 2,
});

test('steps are added up, and their times weigh as much as they have tickets', () => {
  expect(summarise([point(1, 5_000), point(10, 100), point(0, null)])).toEqual({
    tickets: 14,
    decided: 11,
    abstained: 3,
    costUsd: 1.5,
    corrections: 6,
    byStage: { local: 11, claude: 0, 'second-opinion': 0, correction: 0, none: 0 },
    confidence: [0, 0, 0, 0, 0, 0, 0, 0, 3, 11],
    typicalMs: { p50: 100, p90: 200 },
  });
});

test('of no tickets there is no time', () => {
  expect(summarise([point(0, null)]).typicalMs).toBeNull();
  expect(summarise([])).toMatchObject({ tickets: 0, typicalMs: null });
});

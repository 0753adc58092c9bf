import type { SeriesPoint } from '../../data/api-types.ts';

export const stages = ['local', 'claude', 'second-opinion', 'correction', 'none'] as const;
export type Stage = (typeof stages)[number];

/** The points of a series added up. */
export type Summary = {
  readonly tickets: number;
  readonly decided: number;
  readonly abstained: number;
  readonly costUsd: number;
  readonly corrections: number;
  readonly byStage: Readonly<Record<Stage, number>>;
  /** By tenths, the lowest first. */
  readonly confidence: readonly number[];
  /** Of the steps' medians and ninetieth percentiles, the one in the middle of the tickets; null where none is decided. */
  readonly typicalMs: { readonly p50: number; readonly p90: number } | null;
};

export function summarise(points: readonly SeriesPoint[]): Summary {
  const sum = (of: (point: SeriesPoint) => number) => points.reduce((total, point) => total + of(point), 0);
  const byStage = Object.fromEntries(stages.map((stage) => [stage, sum((point) => point.byStage[stage])]));
  const p50 = middle(points, ({ decisionMs }) => decisionMs?.p50);
  const p90 = middle(points, ({ decisionMs }) => decisionMs?.p90);
  return {
    tickets: sum(({ tickets }) => tickets),
    decided: sum(decidedIn),
    abstained: sum(({ abstained }) => abstained),
    costUsd: sum(({ costUsd }) => costUsd),
    corrections: sum(({ corrections }) => corrections),
    byStage: byStage as Summary['byStage'], // It was made of all stages.
    confidence: Array.from({ length: 10 }, (_, tenth) => sum(({ confidence }) => confidence[tenth] ?? 0)),
    typicalMs: p50 === null || p90 === null ? null : { p50, p90 },
  };
}

export const decidedIn = ({ byStage }: SeriesPoint): number => stages.reduce((sum, stage) => sum + byStage[stage], 0);

/** The value in the middle, where each counts as often as its step has decided tickets. */
function middle(points: readonly SeriesPoint[], timeOf: (point: SeriesPoint) => number | undefined): number | null {
  const values = points
    .flatMap((point) => {
      const value = timeOf(point);
      return value === undefined ? [] : [{ value, weight: decidedIn(point) }];
    })
    .sort((a, b) => a.value - b.value);
  const half = values.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let seen = 0;
  for (const { value, weight } of values) {
    seen += weight;
    if (seen >= half) return value;
  }
  return null;
}

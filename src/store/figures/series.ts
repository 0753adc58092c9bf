import { z } from 'zod';
import { type SQL, sql } from '../../base/drizzle.ts';
import { stages } from '../../classifiers/classifier.ts';
import type { Executor } from '../database.ts';
import { ticketFacts } from '../schema.ts';
import type { SeriesPoint, SeriesRequest, SeriesStep } from '../store.ts';
import { conditionsOf } from './counted-tickets.ts';

const HOUR_MS = 60 * 60_000;
const hoursIn: Readonly<Record<SeriesStep, number>> = { hour: 1, day: 24 };
/** Times are counted in classes that grow by a tenth, so that their middles are within 5 % of the times. */
const CLASSES_PER_E = 10;

const rowsSchema = z.array(
  z.object({
    /** Steps between 1970 and the beginning of this one. */
    step: z.number(),
    stage: z.string().nullable(),
    abstained: z.boolean().nullable(),
    tenth: z.number().nullable(),
    tickets: z.number(),
    usd: z.number().nullable(),
    corrections: z.number(),
  }),
);
const timesSchema = z.array(z.object({ step: z.number(), timeClass: z.number(), tickets: z.number() }));

/** A step while it is added up. */
type Sums = {
  -readonly [Key in keyof Omit<SeriesPoint, 'start' | 'byStage' | 'confidence' | 'decisionMs'>]: number;
} & {
  readonly byStage: Record<keyof SeriesPoint['byStage'], number>;
  readonly confidence: number[];
  readonly times: Map<number, number>;
};

/** Figures of tickets by the step in which they were received; the first and the last step are whole ones. */
export async function readSeries(
  executor: Executor,
  { step, since, until, filter }: SeriesRequest,
  rowsAtOnce: number | null,
): Promise<readonly SeriesPoint[]> {
  const stepMs = hoursIn[step] * HOUR_MS;
  const first = Math.floor(since.getTime() / stepMs);
  const points = Array.from({ length: Math.max(0, Math.ceil(until.getTime() / stepMs) - first) }, noSums);
  const whole = { since: new Date(first * stepMs), until, ...(filter && { filter }) };
  for await (const condition of conditionsOf(executor, whole, rowsAtOnce)) {
    await addPiece(executor, { condition, step, sumsOf: (at) => points[at - first] });
  }
  return points.map(({ times, ...sums }, at) => ({
    start: new Date((first + at) * stepMs).toISOString(),
    ...sums,
    decisionMs: quantilesOf(times),
  }));
}

async function addPiece(
  executor: Executor,
  options: { condition: SQL | undefined; step: SeriesStep; sumsOf: (step: number) => Sums | undefined },
): Promise<void> {
  const { condition, sumsOf } = options;
  // A literal, because a parameter would be another expression for `group by`.
  const step = sql`${ticketFacts.hour} / ${sql.raw(String(hoursIn[options.step]))}`;
  const counted = await executor.execute(sql`
    select ${step} as step, ${ticketFacts.stage} as stage, ${ticketFacts.abstained} as abstained,
      floor(${ticketFacts.confidence} * 10)::int as tenth, count(*)::int as tickets,
      sum(${ticketFacts.costUsd})::float8 as usd, count(*) filter (where ${ticketFacts.corrected})::int as corrections
    from ${ticketFacts} where ${condition} group by 1, 2, 3, 4`);
  for (const { step: at, ...row } of rowsSchema.parse(counted.rows)) {
    const sums = sumsOf(at);
    if (sums !== undefined) addRow(sums, row);
  }
  const timed = await executor.execute(sql`
    select ${step} as step, ceil(ln(greatest(1, ${ticketFacts.decisionMs})::float8) * ${sql.raw(String(CLASSES_PER_E))})::int
      as "timeClass", count(*)::int as tickets
    from ${ticketFacts} where ${condition} and ${ticketFacts.decisionMs} is not null group by 1, 2`);
  for (const { step: at, timeClass, tickets } of timesSchema.parse(timed.rows)) {
    const times = sumsOf(at)?.times;
    times?.set(timeClass, (times.get(timeClass) ?? 0) + tickets);
  }
}

const noSums = (): Sums => ({
  tickets: 0,
  byStage: { local: 0, claude: 0, 'second-opinion': 0, correction: 0, none: 0 },
  abstained: 0,
  costUsd: 0,
  confidence: new Array<number>(10).fill(0),
  corrections: 0,
  times: new Map(),
});

function addRow(sums: Sums, row: Omit<z.infer<typeof rowsSchema>[number], 'step'>): void {
  const { stage, abstained, tenth, tickets, usd, corrections } = row;
  sums.tickets += tickets;
  sums.costUsd += usd ?? 0;
  sums.corrections += corrections;
  if (abstained === true) sums.abstained += tickets;
  const known = stages.find((name) => name === stage);
  if (known !== undefined) sums.byStage[known] += tickets;
  if (tenth === null) return;
  // A confidence of 1 belongs to the highest tenth.
  const place = Math.min(9, tenth);
  sums.confidence[place] = (sums.confidence[place] ?? 0) + tickets;
}

/** The middle of the class in which the quantile is. */
function quantilesOf(times: ReadonlyMap<number, number>): SeriesPoint['decisionMs'] {
  const classes = [...times].sort(([a], [b]) => a - b);
  const total = classes.reduce((sum, [, tickets]) => sum + tickets, 0);
  if (total === 0) return null;
  const at = (share: number) => {
    let seen = 0;
    const found = classes.find(([, tickets]) => {
      seen += tickets;
      return seen >= share * total;
    });
    return Math.round(Math.exp(((found?.[0] ?? 0) - 0.5) / CLASSES_PER_E));
  };
  return { p50: at(0.5), p90: at(0.9) };
}

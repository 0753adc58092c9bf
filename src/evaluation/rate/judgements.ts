import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { count } from '../../base/plural.ts';
import { appendPrivateFile } from '../../base/private-files.ts';
import { type Saying, say } from '../../base/say.ts';
import { mean } from '../metrics/percentile.ts';
import { usd } from '../score/format-figures.ts';
import type { Rating } from './ratings.ts';

/** A judge model's rating of one explanation. Kept apart from people's ratings: it never decides a criterion. */
export const judgementSchema = z.object({
  by: z.literal('judge'),
  ticketId: z.string().min(1),
  model: z.string().min(1),
  /** Hash of the instructions and the shape of the answer. */
  prompt: z.string(),
  /** 1 useless, 5 convincing; null when the judge gave no rating. */
  rating: z.number().int().min(1).max(5).nullable(),
  /** Why the judge gave this rating, or why it gave none. */
  reason: z.string(),
  costUsd: z.number().nonnegative(),
});
export type Judgement = z.infer<typeof judgementSchema>;

const FILE = 'judgements.jsonl';

/** Reads the judgements of a run's explanations, oldest first. A line cut off by a crash is left out. */
export async function readJudgements(runPath: string): Promise<Judgement[]> {
  const file = join(runPath, FILE);
  if (!existsSync(file)) return [];
  return (await readFile(file, 'utf8')).split('\n').flatMap((line) => {
    const parsed = judgementSchema.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

export async function appendJudgement(runPath: string, judgement: Judgement): Promise<void> {
  await appendPrivateFile(join(runPath, FILE), `${JSON.stringify(judgement)}\n`);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

export type JudgeSummary = {
  readonly model: string;
  readonly prompt: string;
  readonly count: number;
  readonly mean: number;
  readonly costUsd: number;
  /** How much higher the judge rates than people, on explanations that both rated; null when there are none. */
  readonly abovePeople: { readonly count: number; readonly difference: number } | null;
};

/** Sums up the ratings of each judge. */
export function summariseJudgements(options: {
  readonly judgements: readonly Judgement[];
  readonly ratings: readonly Rating[];
}): JudgeSummary[] {
  const people = Map.groupBy(options.ratings, ({ ticketId }) => ticketId);
  const groups = Map.groupBy(options.judgements, ({ model, prompt }) => `${model}\n${prompt}`);
  return [...groups.values()].flatMap((own) => {
    const rated = own.flatMap(({ ticketId, rating }) => (rating === null ? [] : [{ ticketId, rating }]));
    const [first] = own;
    if (first === undefined || rated.length === 0) return [];
    const differences = rated.flatMap(({ ticketId, rating }) => {
      const theirs = people.get(ticketId);
      return theirs === undefined ? [] : [rating - mean(theirs.map((one) => one.rating))];
    });
    return [
      {
        model: first.model,
        prompt: first.prompt,
        count: rated.length,
        mean: mean(rated.map(({ rating }) => rating)),
        costUsd: own.reduce((sum, { costUsd }) => sum + costUsd, 0),
        abovePeople: differences.length === 0 ? null : { count: differences.length, difference: mean(differences) },
      },
    ];
  });
}

/** One sentence about a judge's ratings, marked as an extra. */
export function judgeSentence({ model, prompt, count: n, mean: value, costUsd, abovePeople }: JudgeSummary): Saying {
  const start = `Extra, not counted: the judge model ${model} gave ${count(n, 'explanation')} ${value.toFixed(2)} on average`;
  const end = `(prompt ${prompt}, ${usd(costUsd)}).`;
  const values = { model, prompt, count: n, value, cost: costUsd };
  if (abovePeople === null) return say('criterion.judge', `${start} ${end}`, values);
  const { count: both, difference } = abovePeople;
  const by = Math.abs(difference);
  const onBoth = `people on the ${both} that both rated ${end}`;
  return difference < 0
    ? say('criterion.judge-below', `${start}; ${by.toFixed(2)} below ${onBoth}`, { ...values, by, both })
    : say('criterion.judge-above', `${start}; ${by.toFixed(2)} above ${onBoth}`, { ...values, by, both });
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { appendPrivateFile } from '../../base/private-files.ts';

/** One person's rating of one explanation. */
export const ratingSchema = z.object({
  ticketId: z.string().min(1),
  rater: z.string().min(1),
  /** 1 useless, 5 convincing. */
  rating: z.number().int().min(1).max(5),
  comment: z.string().optional(),
});
export type Rating = z.infer<typeof ratingSchema>;

const FILE = 'ratings.jsonl';

/** Reads the ratings of a run's explanations, in the order they were given. */
export async function readRatings(runPath: string): Promise<Rating[]> {
  const file = join(runPath, FILE);
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => ratingSchema.parse(JSON.parse(line)));
}

export async function appendRatings(runPath: string, ratings: readonly Rating[]): Promise<void> {
  await appendPrivateFile(join(runPath, FILE), ratings.map((rating) => `${JSON.stringify(rating)}\n`).join(''));
}

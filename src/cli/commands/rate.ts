import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { UsageError } from '../../errors.ts';
import type { RatingTask } from '../../evaluation/rate/rating-tasks.ts';
import type { Rating } from '../../evaluation/rate/ratings.ts';
import { type CliIo, writeJson, writeNote } from '../io.ts';

type RateFlags = { rater?: string; count?: string; import?: string; export?: string; runs: string; json?: boolean };

export function registerRate(program: Command, io: CliIo): void {
  program
    .command('rate <run>')
    .description('rate the explanations of a run, 1 (useless) to 5 (convincing)')
    .option('--rater <name>', 'who rates (default: your user name)')
    .option('--count <n>', 'how many explanations (default: 30)')
    .option('--export <file>', 'write the explanations as a CSV to fill in')
    .option('--import <file>', 'take ratings from a CSV or JSON file (ticketId, rater, rating, comment)')
    .option('--runs <dir>', 'folder of the runs', 'runs')
    .option('--json', 'print the ratings that the run has as JSON')
    .addHelpText(
      'after',
      `
Several people rate the same sample; 'switchboard evaluate --resume RUN' then scores the criterion explainability.

Examples:
  $ switchboard rate latest
  $ switchboard rate latest --export ratings.csv --rater ana
  $ switchboard rate latest --import ratings.csv`,
    )
    .action((run: string, flags: RateFlags) => runRate(io, run, flags));
}

async function runRate(io: CliIo, id: string, flags: RateFlags): Promise<void> {
  const { readRun } = await import('../../evaluation/run/run-folder.ts');
  const { reloadDataset } = await import('../../evaluation/dataset/reload-dataset.ts');
  const { appendRatings, readRatings } = await import('../../evaluation/rate/ratings.ts');
  const { ratingTasks, tasksAsCsv } = await import('../../evaluation/rate/rating-tasks.ts');
  const run = await readRun({ runsDir: resolve(io.cwd, flags.runs), id });
  const rater = flags.rater ?? userInfo().username;
  const ratings = await readRatings(run.path);

  if (flags.import !== undefined) {
    const { parseRatings } = await import('../../evaluation/rate/parse-ratings.ts');
    const file = resolve(io.cwd, flags.import);
    const text = await readFile(file, 'utf8').catch((cause) => {
      throw new UsageError(`${file} cannot be read (${cause}).`);
    });
    const knownIds = new Set(run.answers.map(({ ticketId }) => ticketId));
    const added = parseRatings({ text, file, knownIds, rater });
    await appendRatings(run.path, added);
    writeNote(io, `${added.length} ratings added. Score them with: switchboard evaluate --resume ${run.manifest.id}`);
  } else if (flags.json !== true || flags.export !== undefined) {
    const tickets = await reloadDataset(run.manifest);
    const tasks = ratingTasks({ run, tickets, ratings, rater, count: countOf(flags.count) });
    if (flags.export !== undefined) {
      await writeFile(resolve(io.cwd, flags.export), tasksAsCsv(tasks, rater));
      writeNote(io, `${tasks.length} explanations in ${flags.export}. Fill in "rating", then give it to --import.`);
    } else await askForRatings(io, { tasks, rater, save: (rating) => appendRatings(run.path, [rating]) });
  }
  if (flags.json) writeJson(io, await readRatings(run.path));
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--count takes a whole number above 0, not "${text}".`);
  return count;
}

/** Shows one explanation after the other; each rating is kept at once, so that stopping loses none. */
async function askForRatings(
  io: CliIo,
  options: { tasks: readonly RatingTask[]; rater: string; save: (rating: Rating) => Promise<void> },
): Promise<void> {
  const { tasks, rater, save } = options;
  if (tasks.length === 0) {
    writeNote(io, `${rater} has rated every explanation of the sample.`);
    return;
  }
  const { bold, dim } = io.colors;
  writeNote(io, 'How well does the explanation show why this intent was chosen? 1 useless … 5 convincing.');
  writeNote(io, 'Enter a number, with a comment behind it if you like; s skips, q stops.');
  const lines = createInterface({ input: io.stdin })[Symbol.asyncIterator]();
  let kept = 0;
  for (const [i, task] of tasks.entries()) {
    io.stderr.write(
      `\n${dim(`${i + 1} of ${tasks.length}`)}\n${task.text}\n\n${bold(task.predicted ?? 'no intent')}\n${task.reasoning}\n`,
    );
    const answer = await nextAnswer(io, lines);
    if (answer === 'stop') break;
    if (answer === 'skip') continue;
    await save({ ticketId: task.ticketId, rater, ...answer });
    kept += 1;
  }
  writeNote(io, `\n${kept} ratings kept.`);
}

type RatingAnswer = 'stop' | 'skip' | { readonly rating: number; readonly comment?: string };

async function nextAnswer(io: CliIo, lines: AsyncIterator<string>): Promise<RatingAnswer> {
  for (;;) {
    io.stderr.write('1–5> ');
    const { value, done } = await lines.next();
    const line = String(value ?? '').trim();
    if (done === true || line === 'q') return 'stop';
    if (line === 's') return 'skip';
    const match = /^([1-5])(?:\s+(.+))?$/.exec(line);
    if (match !== null) return { rating: Number(match[1]), ...(match[2] !== undefined && { comment: match[2] }) };
    writeNote(io, 'A number from 1 to 5, s or q.');
  }
}

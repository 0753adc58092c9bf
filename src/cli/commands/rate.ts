import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Command, Option } from 'commander';
import { count } from '../../base/plural.ts';
import { writePrivateFile } from '../../base/private-files.ts';
import { SwitchboardError, UsageError } from '../../errors.ts';
import type { RatingTask } from '../../evaluation/rate/rating-tasks.ts';
import type { Rating } from '../../evaluation/rate/ratings.ts';
import { type CliIo, createProgress, writeJson, writeNote, writeQuestion } from '../io.ts';
import { addConfigOption, addDataOption, type ConfigOption, loadCommandConfig } from '../load-command-config.ts';
import { positive, positiveWhole } from '../positive.ts';
import { printableText } from '../printable.ts';
import { addRunsOption, findRunsFolder, type RunsOption } from '../runs-folder.ts';
import { stopOnSignal } from '../stop-on-signal.ts';

type RateFlags = ConfigOption &
  RunsOption & {
    rater?: string;
    count?: number;
    import?: string;
    export?: string;
    judge?: string;
    maxUsd?: number;
    json?: boolean;
  };

export function registerRate(program: Command, io: CliIo): void {
  const command = program
    .command('rate <run>')
    .description('rate the explanations of a run from 1 (useless) to 5 (convincing)')
    .option('--rater <name>', 'name of the person who rates (default: your user name)')
    .addOption(
      new Option('--count <n>', 'number of explanations to rate (default: 30)').argParser(positiveWhole('--count')),
    )
    .option('--export <file>', 'write the explanations to a CSV file to fill in')
    .option('--import <file>', 'read ratings from a CSV or JSON file (ticketId, rater, rating, comment)')
    .option(
      '--judge <model>',
      'let a model of Claude rate that had no part in the run; its ratings are shown and count for no criterion',
    )
    .addOption(
      new Option(
        '--max-usd <amount>',
        'with --judge: stop before the judging of this run has cost more than this in all',
      ).argParser(positive('--max-usd')),
    )
    .option('--json', 'print the ratings of the run as JSON')
    .addHelpText(
      'after',
      `
Everybody rates the same sample. 'switchboard evaluate --resume RUN' then measures the criterion explainability.
What --judge spends is booked in the store and counts for the daily budget of all. While a server has an embedded store open,
it is not: the command says so, and keeps to the daily budget and to --max-usd on its own.

Examples:
  $ switchboard rate latest
  $ switchboard rate latest --export ratings.csv --rater ana
  $ switchboard rate latest --import ratings.csv
  $ switchboard rate latest --judge claude-sonnet-5-5 --max-usd 1`,
    )
    .action((run: string, flags: RateFlags) =>
      flags.judge === undefined ? runRate(io, run, flags) : runJudge(io, { id: run, model: flags.judge, flags }),
    );
  addRunsOption(addConfigOption(addDataOption(command)));
}

async function runRate(io: CliIo, id: string, flags: RateFlags): Promise<void> {
  if (flags.maxUsd !== undefined) throw new UsageError('--max-usd needs --judge: only a model costs money here.');
  const { readRun } = await import('../../evaluation/run/run-folder.ts');
  const { reloadDataset } = await import('../../evaluation/dataset/reload-dataset.ts');
  const { appendRatings, readRatings } = await import('../../evaluation/rate/ratings.ts');
  const { ratingTasks, tasksAsCsv } = await import('../../evaluation/rate/rating-tasks.ts');
  const run = await readRun({ runsDir: await findRunsFolder(io, flags), id });
  const rater = flags.rater ?? userInfo().username;
  const ratings = await readRatings(run.path);

  if (flags.import !== undefined) {
    const { parseRatings } = await import('../../evaluation/rate/parse-ratings.ts');
    const file = resolve(io.cwd, flags.import);
    const text = await readFile(file, 'utf8').catch((cause) => {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
      throw new UsageError(
        `${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}. Check the path.`,
      );
    });
    const knownIds = new Set(run.answers.map(({ ticketId }) => ticketId));
    const added = parseRatings({ text, file, knownIds, rater });
    await appendRatings(run.path, added);
    writeNote(
      io,
      `${count(added.length, 'rating')} added. Measure with: switchboard evaluate --resume ${run.manifest.id}`,
    );
  } else if (flags.json !== true || flags.export !== undefined) {
    const tickets = await reloadDataset(run.manifest);
    const tasks = ratingTasks({ run, tickets, ratings, rater, count: flags.count });
    if (flags.export !== undefined) {
      await writePrivateFile(resolve(io.cwd, flags.export), tasksAsCsv(tasks, rater));
      writeNote(
        io,
        `${count(tasks.length, 'explanation')} written to ${flags.export}. Fill in the column "rating", then: switchboard rate ${run.manifest.id} --import ${flags.export}`,
      );
    } else await askForRatings(io, { tasks, rater, save: (rating) => appendRatings(run.path, [rating]) });
  }
  if (flags.json) writeJson(io, await readRatings(run.path));
}

/** Lets a model rate the sample that people rate. Its ratings are stored in a file of their own. */
async function runJudge(io: CliIo, options: { id: string; model: string; flags: RateFlags }): Promise<void> {
  const { id, model, flags } = options;
  const clash = (['rater', 'import', 'export'] as const).find((name) => flags[name] !== undefined);
  if (clash !== undefined) throw new UsageError(`--judge and --${clash} exclude each other. Leave one of them out.`);
  const { readRun } = await import('../../evaluation/run/run-folder.ts');
  const { reloadDataset } = await import('../../evaluation/dataset/reload-dataset.ts');
  const { assertImpartial, judgeRun } = await import('../../evaluation/rate/judge-run.ts');
  const { judgeSentence, readJudgements, summariseJudgements } = await import('../../evaluation/rate/judgements.ts');
  const { readRatings } = await import('../../evaluation/rate/ratings.ts');
  const { connectClaude } = await import('../../app/build-claude.ts');
  const { openCommandModelUse } = await import('../../app/open-command-use.ts');
  const { usd } = await import('../../evaluation/score/format-figures.ts');
  const run = await readRun({ runsDir: await findRunsFolder(io, flags), id });
  assertImpartial({ run, model });
  const config = await loadCommandConfig(io, { ...flags, quiet: true });
  const { settings, secrets } = config;
  if (secrets.anthropicApiKey === null) {
    throw new UsageError('ANTHROPIC_API_KEY is not set, and --judge needs it. Set it, or let people rate.');
  }
  const tickets = await reloadDataset(run.manifest);
  const { modelUse, unbooked, close } = await openCommandModelUse(config);
  if (unbooked !== null) writeNote(io, unbooked);
  const progress = createProgress(io);
  const interrupt = stopOnSignal(io);
  const judging = await judgeRun({
    run,
    tickets,
    judgements: await readJudgements(run.path),
    model,
    connection: connectClaude({ config, modelUse }),
    prices: settings.claude.prices,
    maxUsd: flags.maxUsd ?? null,
    count: flags.count,
    signal: interrupt.signal,
    onProgress: progress,
  }).finally(async () => {
    progress.finish();
    interrupt.release();
    await close();
  });
  const judgements = await readJudgements(run.path);
  const summaries = summariseJudgements({ judgements, ratings: await readRatings(run.path) });
  for (const summary of summaries) writeNote(io, judgeSentence(summary).text);
  writeNote(io, `To see the ratings in a report: switchboard evaluate --resume ${run.manifest.id} --report DIR`);
  if (flags.json) writeJson(io, judgements);
  const left = `${count(judging.left, 'explanation')} of the sample not rated yet. Run the same command to continue.`;
  if (judging.stopped !== null) {
    const reasons = {
      'max-usd': `The limit of --max-usd is reached (${usd(judging.spentUsd)} spent on judging this run).`,
      'daily-budget': 'The daily budget (claude.dailyBudgetUsd) is used up.',
      interrupted: 'Stopped.',
    };
    const reason = reasons[judging.stopped];
    throw new SwitchboardError({ code: 'run-incomplete', message: `${reason} ${left}` });
  }
  if (judging.left > 0)
    writeNote(io, `${count(judging.left, 'answer')} of the judge had no rating. Run the same command to ask again.`);
}

/** Shows one explanation after another and asks for a rating. Each is saved at once, so that stopping loses none. */
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
  writeNote(io, 'How well does the explanation show why this intent was chosen? 1 is useless, 5 is convincing.');
  writeNote(io, 'Enter a number, followed by a comment if you like. Enter s to skip, q to stop.');
  const lines = createInterface({ input: io.stdin })[Symbol.asyncIterator]();
  let kept = 0;
  for (const [i, task] of tasks.entries()) {
    writeQuestion(
      io,
      `\n${dim(`${i + 1} of ${tasks.length}`)}\n${printableText(task.text)}\n\n${bold(task.predicted ?? 'no intent')}\n${printableText(task.reasoning)}\n`,
    );
    const answer = await nextAnswer(io, lines);
    if (answer === 'stop') break;
    if (answer === 'skip') continue;
    await save({ ticketId: task.ticketId, rater, ...answer });
    kept += 1;
  }
  writeNote(io, `\n${count(kept, 'rating')} kept.`);
}

type RatingAnswer = 'stop' | 'skip' | { readonly rating: number; readonly comment?: string };

async function nextAnswer(io: CliIo, lines: AsyncIterator<string>): Promise<RatingAnswer> {
  for (;;) {
    writeQuestion(io, '1–5> ');
    const { value, done } = await lines.next();
    const line = String(value ?? '').trim();
    if (done === true || line === 'q') return 'stop';
    if (line === 's') return 'skip';
    const match = /^([1-5])(?:\s+(.+))?$/.exec(line);
    if (match !== null) return { rating: Number(match[1]), ...(match[2] !== undefined && { comment: match[2] }) };
    writeNote(io, 'Enter a number from 1 to 5, s or q.');
  }
}

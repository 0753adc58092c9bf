import { resolve } from 'node:path';
import type { Command } from 'commander';
import { count } from '../../base/plural.ts';
import { readCalibrationFiles } from '../../classifiers/calibration/calibration-file.ts';
import { precisionWanted } from '../../classifiers/calibration/confidence-target.ts';
import { USUALLY_SHOWN } from '../../classifiers/retrieval/label-spread.ts';
import { askedPrompts } from '../../config/asked-prompts.ts';
import { InputError } from '../../errors.ts';
import type { Advice } from '../../evaluation/advise/advise.ts';
import { type CliIo, createProgress, writeJson, writeText } from '../io.ts';
import { addScopeOptions, loadScope, type ScopeFlags } from '../load-scope.ts';

/** With fewer examples or tickets, all are mixed and a quarter of them is held out. */
const ENOUGH = 30;
const SEED = 1;

type AdviseFlags = Omit<ScopeFlags, 'dataset'> & { dataset?: string[]; json?: boolean };

export function registerAdvise(program: Command, io: CliIo): void {
  const command = program
    .command('advise')
    .description('say whether a language model is worth its price for your tickets, and what each engine would cost')
    .option('--dataset <files...>', 'labelled tickets to ask about (default: `evaluation.dataset`)')
    .option('--json', 'print the figures and the advice as JSON')
    .addHelpText(
      'after',
      `
The embedded engine learns the examples and is asked about the data set, as "switchboard evaluate" does it, where each has
30 tickets in scope or more. Otherwise a quarter of all labelled tickets is held out, those of both. To learn from other
tickets than the configured examples, name them with --examples.

Example:\n  $ switchboard advise --dataset tickets.jsonl`,
    );
  addScopeOptions(command);
  command.action((flags: AdviseFlags) => runAdvise(io, flags));
}

async function runAdvise(io: CliIo, flags: AdviseFlags): Promise<void> {
  const { describeData } = await import('../../evaluation/advise/describe-data.ts');
  const { dropLeaks } = await import('../../evaluation/dataset/drop-leaks.ts');
  const { holdOut, learningCurve } = await import('../../evaluation/advise/learning-curve.ts');
  const { estimateClaudeCost } = await import('../../evaluation/advise/estimate-cost.ts');
  const { advise } = await import('../../evaluation/advise/advise.ts');
  const { measuredClaude } = await import('../../evaluation/advise/measured-claude.ts');
  const dataset = flags.dataset?.map((file) => resolve(io.cwd, file));
  const {
    config,
    workspace,
    tickets: asked,
  } = await loadScope(io, {
    ...flags,
    dataset,
    examplesSuffice: true,
    usage: 'switchboard advise --dataset tickets.jsonl',
  });
  const known = workspace.examples;
  const byId = new Map([...known, ...asked].map((ticket) => [ticket.id, ticket]));
  const all = [...byId.values()];
  const tickets = all.flatMap((ticket) => (ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }]));
  const { confidence, claude, retrieval, dataDir } = config.settings;
  const shown = retrieval.k === 'auto' ? USUALLY_SHOWN : retrieval.k;
  const { taxonomy } = workspace;
  if (tickets.length === 0) {
    throw new InputError({
      message: `None of ${count(all.length, 'labelled ticket')} belongs to an intent, so there is nothing to learn and nothing to be right about. Label tickets of your intents first.`,
    });
  }
  const progress = createProgress(io);
  // With enough of both, the examples are learned and the others asked about, as `evaluate` does.
  const { examples } = dropLeaks({ examples: known, dataset: asked });
  const isSplit = examples.length >= ENOUGH && asked.filter(({ intent }) => intent !== null).length >= ENOUGH;
  const split = isSplit ? { learned: examples, asked } : holdOut([...all, ...workspace.outOfScope], SEED);
  const calibrations = await readCalibrationFiles({
    ...{ dataDir, taxonomy: taxonomy.version },
    asked: await askedPrompts({ config, taxonomy }),
  });
  const calibration = calibrations.get('claude');
  const curve = await learningCurve({
    ...{ tickets: split, taxonomy, confidence, calibrations, seed: SEED, onProgress: progress },
    embedder: retrieval.embedder === 'none' ? 'none' : 'embedded',
  });
  progress.finish();
  const advice = advise({
    data: describeData(tickets, {
      learned: known.length === 0 ? tickets : known,
      intents: taxonomy.leaves.map(({ id }) => id),
    }),
    asked: isSplit ? 'those of the data set, as `evaluate` asks about them' : 'a quarter of the tickets',
    curve,
    claude: estimateClaudeCost({ tickets, taxonomy, settings: claude, shown }),
    measured: calibration === null ? null : measuredClaude(calibration, confidence),
    targetPrecision: precisionWanted(confidence),
  });
  if (flags.json) writeJson(io, advice);
  else writeText(io, formatAdvice(advice, io));
}

function formatAdvice({ choice, verdict, reasons, next, figures }: Advice, { colors }: CliIo): string {
  const because = reasons.map((reason) => `  - ${reason}`).join('\n');
  const steps = next.map((command) => `  $ ${command}`).join('\n');
  const lead =
    choice === 'embedded'
      ? 'To measure it on your test tickets:'
      : figures.measured === null
        ? 'How good Claude is on your tickets is not estimated here. To measure it:'
        : 'To measure all engines on your test tickets:';
  return `${colors.bold(verdict)}\n\n${because}\n\n${lead}\n${steps}\n`;
}

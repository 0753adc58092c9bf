import { resolve } from 'node:path';
import type { Command } from 'commander';
import { precisionWanted } from '../../classifiers/calibration/confidence-target.ts';
import type { Advice } from '../../evaluation/advise/advise.ts';
import { type CliIo, createProgress, writeJson, writeText } from '../io.ts';
import { addScopeOptions, loadScope, type ScopeFlags } from '../load-scope.ts';

type AdviseFlags = Omit<ScopeFlags, 'dataset'> & { dataset?: string[]; json?: boolean };

export function registerAdvise(program: Command, io: CliIo): void {
  const command = program
    .command('advise')
    .description('is a language model worth it for these tickets, and what would each engine cost')
    .option('--dataset <files...>', 'all the labelled tickets you have (default: examples and evaluation.dataset)')
    .option('--json', 'print figures and advice as JSON')
    .addHelpText('after', '\nExample:\n  $ switchboard advise --dataset tickets.jsonl');
  addScopeOptions(command);
  command.action((flags: AdviseFlags) => runAdvise(io, flags));
}

async function runAdvise(io: CliIo, flags: AdviseFlags): Promise<void> {
  const { describeData } = await import('../../evaluation/advise/describe-data.ts');
  const { learningCurve } = await import('../../evaluation/advise/learning-curve.ts');
  const { estimateClaudeCost } = await import('../../evaluation/advise/estimate-cost.ts');
  const { advise } = await import('../../evaluation/advise/advise.ts');
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
  // Without a data set of their own, everything that is labelled is what there is to judge by.
  const known = dataset === undefined || flags.examples !== undefined ? workspace.examples : [];
  const byId = new Map([...known, ...asked].map((ticket) => [ticket.id, ticket]));
  const tickets = [...byId.values()].flatMap((ticket) =>
    ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }],
  );
  const { confidence, claude, retrieval } = config.settings;
  const { taxonomy } = workspace;
  const progress = createProgress(io);
  const curve = await learningCurve({ tickets, taxonomy, seed: 1, onProgress: progress });
  progress.finish();
  const advice = advise({
    data: describeData(tickets),
    curve,
    claude: estimateClaudeCost({ tickets, taxonomy, settings: claude, shown: retrieval.k }),
    targetPrecision: precisionWanted(confidence),
  });
  if (flags.json) writeJson(io, advice);
  else writeText(io, formatAdvice(advice, io));
}

function formatAdvice({ choice, verdict, reasons, next }: Advice, { colors }: CliIo): string {
  const because = reasons.map((reason) => `  - ${reason}`).join('\n');
  const steps = next.map((command) => `  $ ${command}`).join('\n');
  const lead =
    choice === 'embedded'
      ? 'How well it does on your test tickets:'
      : 'How well Claude would do is not guessed here; asking it tells:';
  return `${colors.bold(verdict)}\n\n${because}\n\n${lead}\n${steps}\n`;
}

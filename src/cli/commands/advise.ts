import { resolve } from 'node:path';
import type { Command } from 'commander';
import { precisionWanted } from '../../classifiers/calibration/confidence-target.ts';
import { USUALLY_SHOWN } from '../../classifiers/retrieval/label-spread.ts';
import type { Advice } from '../../evaluation/advise/advise.ts';
import { type CliIo, createProgress, writeJson, writeText } from '../io.ts';
import { addScopeOptions, loadScope, type ScopeFlags } from '../load-scope.ts';

type AdviseFlags = Omit<ScopeFlags, 'dataset'> & { dataset?: string[]; json?: boolean };

export function registerAdvise(program: Command, io: CliIo): void {
  const command = program
    .command('advise')
    .description('say whether a language model is worth its price for your tickets, and what each engine would cost')
    .option('--dataset <files...>', 'all your labelled tickets (default: `examples` and `evaluation.dataset`)')
    .option('--json', 'print the figures and the advice as JSON')
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
  // Without --dataset, or with --examples, the examples count as labelled tickets too.
  const known = dataset === undefined || flags.examples !== undefined ? workspace.examples : [];
  const byId = new Map([...known, ...asked].map((ticket) => [ticket.id, ticket]));
  const tickets = [...byId.values()].flatMap((ticket) =>
    ticket.intent === null ? [] : [{ ...ticket, intent: ticket.intent }],
  );
  const { confidence, claude, retrieval } = config.settings;
  const shown = retrieval.k === 'auto' ? USUALLY_SHOWN : retrieval.k;
  const { taxonomy } = workspace;
  const progress = createProgress(io);
  const curve = await learningCurve({ tickets, taxonomy, confidence, seed: 1, onProgress: progress });
  progress.finish();
  const advice = advise({
    data: describeData(tickets),
    curve,
    claude: estimateClaudeCost({ tickets, taxonomy, settings: claude, shown }),
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
      ? 'To measure it on your test tickets:'
      : 'How good Claude is on your tickets is not estimated here. To measure it:';
  return `${colors.bold(verdict)}\n\n${because}\n\n${lead}\n${steps}\n`;
}

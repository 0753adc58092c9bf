import type { Command } from 'commander';
import type { Decider, RouteResult } from '../../app.ts';
import type { Classification } from '../../classifiers/classifier.ts';
import { formatPercent } from '../../classifiers/format-percent.ts';
import type { IncomingTicket } from '../../ticket/ticket.ts';
import type { DecideOneOptions } from '../decide-one.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addTicketOptions } from '../load-command-config.ts';
import { printableLine } from '../printable.ts';

export function registerRoute(program: Command, io: CliIo): void {
  const command = program
    .command('route [file]')
    .description('decide one ticket and print the decision; nothing is stored');
  addTicketOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ switchboard route --text "I was charged twice for my order #8842 and want the money back"
  $ echo '{"subject":"Hub offline","body":"Red light since noon"}' | switchboard route --json`,
    )
    .action((file: string | undefined, options: DecideOneOptions) => runRoute(io, file, options));
}

async function runRoute(io: CliIo, file: string | undefined, flags: DecideOneOptions): Promise<void> {
  const { decideOne } = await import('../decide-one.ts');
  const decide = (decider: Decider, ticket: IncomingTicket) => decider.route(ticket);
  const { result, engine, facts } = await decideOne({ io, file, flags, decide });
  if (flags.json) {
    writeJson(io, { ...result, storedExamples: facts });
    return;
  }
  writeNote(io, `Engine: ${engine.why}`);
  const { stage, stageReason } = result.classification;
  if (engine.kind !== 'local' && (stage === 'local' || stage === 'none')) writeNote(io, stageReason);
  writeText(io, formatRouteResult(io, result));
}

/** A few lines for people: the intent, the team, and why. */
function formatRouteResult({ colors }: Pick<CliIo, 'colors'>, { classification, decision }: RouteResult): string {
  const { dim, bold } = colors;
  const facts: [string, string | null][] = [
    ['Intent', `${bold(classification.intent ?? 'none')} (${describeSureness(classification)})`],
    ['Team', bold([decision.team, decision.assignee].filter(Boolean).join(' / '))],
    ['Priority', decision.priority],
    ['Due', describeDue(decision.sla)],
    ['Tags', printableLine(decision.tags.join(', '))],
    ['Because', printableLine(decision.because)],
    ['Reasoning', printableLine(classification.reasoning)],
    ['Words', classification.decidingWords.map((words) => `"${printableLine(words)}"`).join(', ')],
    ['Or', classification.runnersUp.map((other) => `${other.intent} (${formatPercent(other.confidence)})`).join(', ')],
    [
      'Engine',
      `${classification.model ?? classification.stage}, ${Math.round(classification.latencyMs)} ms, ${formatUsd(classification.costUsd)}`,
    ],
  ];
  return facts
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${dim(name.padEnd(10))} ${value}\n`)
    .join('');
}

function describeSureness({ intent, confidence, abstained, abstainReason }: Classification): string {
  const why = printableLine((abstainReason ?? '').replace(/\.$/, ''));
  if (intent === null) return why;
  const percent = formatPercent(confidence);
  return abstained ? `${percent}, not sure enough: ${why}` : percent;
}

function describeDue(sla: RouteResult['decision']['sla']): string | null {
  const parts = [
    sla.firstResponseDueAt && `first response ${sla.firstResponseDueAt}`,
    sla.resolutionDueAt && `resolution ${sla.resolutionDueAt}`,
  ].filter(Boolean);
  return parts.length === 0 ? null : parts.join(', ');
}

function formatUsd(costUsd: number): string {
  return costUsd === 0 ? 'free' : `$${costUsd.toFixed(5)}`;
}

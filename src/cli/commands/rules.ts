import type { Command } from 'commander';
import type { Decider, RouteResult } from '../../app.ts';
import { formatPercent } from '../../classifiers/format-percent.ts';
import { nameTrial, type RuleTrial } from '../../routing/choose-rule.ts';
import type { FieldCheck } from '../../routing/match-rule.ts';
import type { IncomingTicket } from '../../ticket/ticket.ts';
import type { DecideOneOptions } from '../decide-one.ts';
import { type CliIo, writeJson, writeNote, writeText } from '../io.ts';
import { addTicketOptions } from '../load-command-config.ts';
import { printableLine } from '../printable.ts';

export function registerRules(program: Command, io: CliIo): void {
  const group = program.command('rules').description('try the routing rules');
  const command = group
    .command('try [file]')
    .description('show which rule a ticket meets, and why not the ones above it; nothing is stored');
  addTicketOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ switchboard rules try --text "I was charged twice for my order #8842"
  $ echo '{"body":"Hub offline","requester":{"email":"ana@acme.example","tier":"pro"}}' | switchboard rules try --json`,
    )
    .action((file: string | undefined, options: DecideOneOptions) => runRulesTry(io, file, options));
}

type Tried = RouteResult & { readonly trials: readonly RuleTrial[] };

async function runRulesTry(io: CliIo, file: string | undefined, flags: DecideOneOptions): Promise<void> {
  const { decideOne } = await import('../decide-one.ts');
  const decide = async (decider: Decider, ticket: IncomingTicket): Promise<Tried> => {
    const { result, trials } = await decider.tryRules(ticket);
    return { ...result, trials };
  };
  const { result, engine } = await decideOne({ io, file, flags, decide });
  const { trials, ticketId, classification, decision } = result;
  if (flags.json) {
    writeJson(io, { ticketId, classification, decision, rules: trials.map(nameTrial) });
    return;
  }
  writeNote(io, `Engine: ${engine.why}`);
  writeText(io, formatTrials(io, result));
}

function formatTrials({ colors }: Pick<CliIo, 'colors'>, { trials, classification, decision }: Tried): string {
  const { bold, dim } = colors;
  const { intent, confidence, abstained } = classification;
  const sure = `${formatPercent(confidence)}${abstained ? ', not sure enough' : ''}`;
  const lines = [`${dim('Intent')} ${intent === null ? 'none' : `${bold(intent)} (${sure})`}`];
  if (trials.length === 0) lines.push('There are no rules: every ticket goes to the triage team.');
  for (const [index, trial] of trials.entries()) {
    const name = `${index + 1}. ${printableLine(trial.rule.name)}`;
    lines.push(trial.matches ? `${bold(name)}: matches` : `${name}: ${describeMiss(trial)}`);
  }
  const because = printableLine(decision.because);
  return `${lines.join('\n')}\n${dim('Team')} ${bold(decision.team)}\n${dim('Because')} ${because}\n`;
}

/** Why a rule does not take the ticket: every field that differs. */
function describeMiss({ passedOver, checks }: RuleTrial): string {
  if (passedOver !== null) return `does not count, because ${passedOver.text}`;
  return `no, ${checks
    .filter(({ matches }) => !matches)
    .map(describeCheck)
    .join('; ')}`;
}

function describeCheck({ field, wanted, found }: FieldCheck): string {
  const list = wanted.map((item) => printableLine(item)).join(' or ');
  if (field === 'text') return `the text does not say ${list}`;
  if (field === 'minConfidence' || field === 'maxConfidence') {
    const bound = field === 'minConfidence' ? 'at least' : 'at most';
    return `the confidence is ${formatPercent(Number(found))} and must be ${bound} ${formatPercent(Number(list))}`;
  }
  return `${field} is ${found === null ? 'not known' : printableLine(found)} and must be ${list}`;
}

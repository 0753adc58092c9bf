import { count, list } from '../../base/plural.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent, percentWithInterval } from '../score/format-figures.ts';
import { countCorrect, failedIds, type InScope } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';
import { type Evidence, usualTickets } from './evidence.ts';

/** If a larger share of the tickets has no answer, the accuracy of the rest is not reliable. */
const MAX_UNANSWERED_SHARE = 0.05;

export const routingAccuracy: Criterion = {
  id: 'routing-accuracy',
  title: 'Routing accuracy',
  measures: 'Share of tickets with the right intent, variants and edge cases aside',
  target: 0.95,
  better: 'higher',
  unit: 'share',
  measure(evidence) {
    const tickets = usualTickets(evidence);
    const accuracy = wilsonInterval({ successes: countCorrect(tickets), count: tickets.length });
    if (accuracy === null) return { measured: false, n: 0, why: 'The data set has no answered ticket in scope.' };
    const unanswered = evidence.main.filter(({ classification }) => classification === null).length;
    if (unanswered > MAX_UNANSWERED_SHARE * evidence.main.length) {
      const why = `${unanswered} of ${count(evidence.main.length, 'ticket')} got no answer (${percent(unanswered / evidence.main.length)}); with so many, the rest does not show how good the engine is. Resume the run with --retry-failed.`;
      return { measured: false, n: tickets.length, why };
    }
    const team = teamAccuracy(evidence, tickets);
    const notes = [
      `${countCorrect(tickets)} of ${count(tickets.length, 'ticket')} got the right intent: ${percentWithInterval(accuracy)}.`,
      ...(team === null ? [] : [`${percentWithInterval(team)} went to the right team.`]),
      ...(unanswered === 0 ? [] : [`${count(unanswered, 'ticket')} without an answer left out.`]),
      ...leftOut(evidence, tickets),
      ...worstIntents(tickets),
    ];
    return {
      measured: true,
      ...accuracy,
      n: tickets.length,
      why: notes.join(' '),
      failed: failedIds(tickets),
      details: { team, unanswered },
    };
  },
};

/** Whether the answered intent leads to the team that the right intent leads to. */
function teamAccuracy({ teamFor }: Evidence, tickets: readonly InScope[]) {
  if (teamFor === null) return null;
  const right = tickets.filter((scored) => {
    if (scored.predicted === null) return false;
    return scored.correct || teamFor(scored, scored.predicted) === teamFor(scored, scored.ticket.intent);
  });
  return wilsonInterval({ successes: right.length, count: tickets.length });
}

function leftOut(evidence: Evidence, tickets: readonly InScope[]): string[] {
  const others = evidence.main.filter(({ ticket }) => ticket.intent !== null).length - tickets.length;
  return others > 0 ? [`Variants and edge cases (${others}) have criteria of their own.`] : [];
}

function worstIntents(tickets: readonly InScope[]): string[] {
  const wrong = new Map<string, number>();
  for (const { ticket, correct } of tickets)
    if (!correct) wrong.set(ticket.intent, (wrong.get(ticket.intent) ?? 0) + 1);
  const worst = [...wrong].sort((a, b) => b[1] - a[1]).slice(0, 3);
  return worst.length === 0 ? [] : [`Most often missed: ${list(worst.map(([intent, n]) => `${intent} (${n})`))}.`];
}

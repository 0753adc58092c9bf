import { count, list } from '../../base/plural.ts';
import { type Saying, say, sayAll } from '../../base/say.ts';
import { wilsonInterval } from '../metrics/wilson-interval.ts';
import { percent } from '../score/format-figures.ts';
import { sayShare } from '../score/say-share.ts';
import { countCorrect, failedIds, type InScope } from '../score/scored-ticket.ts';
import type { Criterion } from './criterion.ts';
import { type Evidence, usualTickets } from './evidence.ts';

const nothingAnswered = say('criterion.nothing-answered', 'The data set has no answered ticket in scope.');

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
    if (accuracy === null) return { measured: false, n: 0, why: nothingAnswered };
    const unanswered = evidence.main.filter(({ classification }) => classification === null).length;
    if (unanswered > MAX_UNANSWERED_SHARE * evidence.main.length) {
      return { measured: false, n: tickets.length, why: tooManyUnanswered(unanswered, evidence.main.length) };
    }
    const team = teamAccuracy(evidence, tickets);
    const notes = [
      rightIntents(tickets, sayShare(accuracy)),
      ...(team === null ? [] : [rightTeams(sayShare(team))]),
      ...(unanswered === 0 ? [] : [withoutAnswer(unanswered)]),
      ...leftOut(evidence, tickets),
      ...worstIntents(tickets),
    ];
    return {
      measured: true,
      ...accuracy,
      n: tickets.length,
      why: sayAll(notes),
      failed: failedIds(tickets),
      details: { team, unanswered },
    };
  },
};

function tooManyUnanswered(unanswered: number, tickets: number): Saying {
  const share = unanswered / tickets;
  return say(
    'criterion.too-many-unanswered',
    `${unanswered} of ${count(tickets, 'ticket')} got no answer (${percent(share)}); with so many, the rest does not show how good the engine is. Resume the run with --retry-failed.`,
    { unanswered, tickets, share },
  );
}

function rightIntents(tickets: readonly InScope[], share: Saying): Saying {
  const right = countCorrect(tickets);
  const text = `${right} of ${count(tickets.length, 'ticket')} got the right intent: ${share.text}.`;
  return say('criterion.right-intents', text, { right, tickets: tickets.length, share });
}

const rightTeams = (share: Saying) => say('criterion.right-teams', `${share.text} went to the right team.`, { share });

const withoutAnswer = (unanswered: number) =>
  say('criterion.without-answer', `${count(unanswered, 'ticket')} without an answer left out.`, { count: unanswered });

/** Whether the answered intent leads to the team that the right intent leads to. */
function teamAccuracy({ teamFor }: Evidence, tickets: readonly InScope[]) {
  if (teamFor === null) return null;
  const right = tickets.filter((scored) => {
    if (scored.predicted === null) return false;
    return scored.correct || teamFor(scored, scored.predicted) === teamFor(scored, scored.ticket.intent);
  });
  return wilsonInterval({ successes: right.length, count: tickets.length });
}

function leftOut(evidence: Evidence, tickets: readonly InScope[]): Saying[] {
  const others = evidence.main.filter(({ ticket }) => ticket.intent !== null).length - tickets.length;
  if (others <= 0) return [];
  return [say('criterion.apart', `Variants and edge cases (${others}) have criteria of their own.`, { others })];
}

function worstIntents(tickets: readonly InScope[]): Saying[] {
  const wrong = new Map<string, number>();
  for (const { ticket, correct } of tickets)
    if (!correct) wrong.set(ticket.intent, (wrong.get(ticket.intent) ?? 0) + 1);
  const worst = [...wrong].sort((a, b) => b[1] - a[1]).slice(0, 3);
  if (worst.length === 0) return [];
  const intents = worst.map(([intent, n]) => `${intent} (${n})`);
  return [say('criterion.often-missed', `Most often missed: ${list(intents)}.`, { intents })];
}

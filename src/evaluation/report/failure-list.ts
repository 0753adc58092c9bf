import type { Example } from '../../classifiers/retrieval/example-index.ts';
import { ticketText } from '../../ticket/ticket-text.ts';
import { isHandled, type ScoredTicket } from '../score/scored-ticket.ts';
import { type Html, html } from './html.ts';

/** How many failures the page shows; report.json has all of them. */
const MAX_SHOWN = 200;
const MAX_EXAMPLE_LENGTH = 160;

/** Tickets with a wrong answer, highest confidence first: confident mistakes cost most. */
export function failureList(options: {
  readonly main: readonly ScoredTicket[];
  readonly examples: ReadonlyMap<string, Example>;
}): Html {
  const failed = options.main
    .filter((scored) => !isHandled(scored))
    .sort((a, b) => (b.classification?.confidence ?? -1) - (a.classification?.confidence ?? -1));
  if (failed.length === 0) return html`<p>None.</p>`;
  const more =
    failed.length > MAX_SHOWN
      ? html`<p class="quiet">The ${MAX_SHOWN} most confident of ${failed.length}; report.json has all of them.</p>`
      : null;
  return html`${more}${failed.slice(0, MAX_SHOWN).map((scored) => failure(scored, options.examples))}`;
}

function failure(
  { ticket, classification, predicted, answer }: ScoredTicket,
  examples: ReadonlyMap<string, Example>,
): Html {
  const expected = ticket.intent ?? 'out of scope';
  const said = answer.error ?? predicted ?? 'nothing';
  const sure =
    classification === null
      ? ''
      : ` (${Math.round(classification.confidence * 100)} %${classification.abstained ? ', abstained' : ''})`;
  const nearest = (classification?.nearestExamples ?? []).map(({ id, intent }) => {
    const example = examples.get(id);
    const text = example === undefined ? id : cut(ticketText(example).text);
    return html`<div>“${text}” <span class="quiet">${intent}</span></div>`;
  });
  const facts: readonly (readonly [string, Html | string])[] = [
    ['Ticket', html`<div class="ticket" dir="auto">${ticketText(ticket).text}</div>`],
    ['Right', expected],
    ['Answered', `${said}${sure}`],
    ['Reasoning', classification?.reasoning ?? ''],
    [
      'Or',
      (classification?.runnersUp ?? [])
        .map(({ intent, confidence }) => `${intent} (${Math.round(confidence * 100)} %)`)
        .join(', '),
    ],
    ['Nearest', nearest.length === 0 ? '' : html`${nearest}`],
    ['Id', html`<code>${ticket.id}</code>`],
  ];
  return html`<details class="failure"><summary>${expected} <span class="quiet">answered as</span> ${said}${sure}</summary>
<dl>${facts.flatMap(([name, value]) => (value === '' ? [] : [html`<dt>${name}</dt><dd>${value}</dd>`]))}</dl></details>`;
}

const cut = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= MAX_EXAMPLE_LENGTH ? line : `${line.slice(0, MAX_EXAMPLE_LENGTH - 1)}…`;
};

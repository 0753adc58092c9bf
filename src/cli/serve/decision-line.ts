import stringWidth from 'string-width';
import { formatPercent } from '../../classifiers/format-percent.ts';
import type { TicketSummary } from '../../store/store.ts';
import type { CliIo } from '../io.ts';
import { printableLine } from '../printable.ts';

type Colors = CliIo['colors'];

/** Widths of the columns. With the spaces between them, a line has 100 characters. */
const widths = { clock: 8, subject: 33, intent: 31, confidence: 4, team: 12, took: 7 } as const;

/** One line for a decided ticket: time, subject, intent, confidence, team, and the time from its arrival to the decision. */
export function formatDecisionLine(
  { ticket, revision, classification, decision, receivedAt }: TicketSummary,
  { decidedAt, colors }: { decidedAt: string; colors: Colors },
): string {
  const { dim, bold, green, yellow, cyan } = colors;
  const isSure = classification !== null && !classification.abstained;
  const leaf = classification?.intent?.split('/').at(-1) ?? 'unknown';
  const confidence = classification === null ? '' : formatPercent(classification.confidence).replace(' ', '');
  const tookMs = Math.max(0, Date.parse(decidedAt) - Date.parse(receivedAt));
  return [
    dim(new Date(decidedAt).toTimeString().slice(0, widths.clock)),
    fitColumns(titleOf(ticket), widths.subject),
    bold(fitColumns(leaf, widths.intent)),
    (isSure ? green : yellow)(confidence.padStart(widths.confidence)),
    cyan(fitColumns(decision?.team ?? '', widths.team)),
    // When the customer wrote again is not known here, and the time since the first message says nothing.
    dim((revision === 1 ? formatDuration(tookMs) : '').padStart(widths.took)),
  ].join(' ');
}

/** The header over these lines. */
export function formatDecisionHeader(colors: Colors): string {
  const names = [
    'time'.padEnd(widths.clock),
    'ticket'.padEnd(widths.subject),
    'intent'.padEnd(widths.intent),
    'sure'.padStart(widths.confidence),
    'team'.padEnd(widths.team),
    'took'.padStart(widths.took),
  ];
  return colors.dim(names.join(' '));
}

function titleOf(ticket: TicketSummary['ticket']): string {
  const subject = printableLine(ticket.subject ?? '');
  return subject === '' ? printableLine((ticket.body ?? '').slice(0, 400)) : subject;
}

/** Cuts or pads a text to a number of columns of a terminal, where wide characters take two. */
export function fitColumns(text: string, columns: number): string {
  const width = stringWidth(text);
  if (width <= columns) return text + ' '.repeat(columns - width);
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, columns * 20))) {
    if (stringWidth(kept + segment) > columns - 1) break;
    kept += segment;
  }
  return `${kept}…${' '.repeat(columns - 1 - stringWidth(kept))}`;
}

function formatDuration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1000)} s`;
}

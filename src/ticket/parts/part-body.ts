import { type Saying, say } from '../../base/say.ts';
import { skipBanners } from './banner.ts';
import { findThread, introductionOf, type Thread } from './find-thread.ts';
import { readHeaderBlock } from './header-block.ts';
import { readIntroLine } from './intro-line.ts';
import { isBlank, type Line, skipBlank, splitLines } from './lines.ts';
import { type Label, OWN, PASSED_ON, type Part } from './part.ts';
import { readPrefixes } from './subject-prefixes.ts';
import { findTail } from './tail.ts';

/** What is known of the body's characters before it is read, from its HTML. */
export type Mark = { readonly start: number; readonly end: number; readonly label: Label };

export type PartRequest = {
  readonly text: string;
  readonly isReply: boolean;
  readonly isForward: boolean;
  /** The subject without prefixes: an older message of the same subject is replied to, not passed on. */
  readonly subject: string;
  readonly name: string | null;
  /** The requester's address. */
  readonly email: string | null;
  readonly marks: readonly Mark[];
};

/** Questions of at most this length that are answered below them stay among the customer's words. */
const MAX_ANSWERED = 1_000;
/** A mail that was forwarded again and again: deeper ones count as older messages. */
const MAX_PASSED_ON = 4;
/** One quotation above the whole reply is such a question only when it is short; else it is an older message. */
const MAX_ANSWERED_ALONE = 400;

const quoted = (reason: Saying): Label => ({ kind: 'quoted', reason });
const forwarded = (reason: Saying): Label => ({ kind: 'forwarded', reason });
const cameAlong = forwarded(
  say('part.came-along', 'An older message that came along with the mail that is passed on.'),
);
const headerPassedOn = say('part.header-passed-on', 'The header of the mail that is passed on.');
const introducing = say('part.introducing', 'The line with which a mail program introduces a quotation.');
const quotedBelow = say('part.quoted', 'Quoted by a mail program below its introduction.');
const answeredBelow: Label = {
  kind: 'own',
  reason: say('part.answered-below', 'A question that is answered below it.'),
};
const nothingElse: Label = {
  kind: 'own',
  reason: say('part.only-quotation', 'There is nothing but this quotation, so it is what was sent.'),
};
const banner: Label = {
  kind: 'footer',
  reason: say('part.warning-above', 'A warning that a mail server puts above mails from outside.'),
};

/** Parts the text of a body. The parts cover it, in order. Takes time in proportion to the text. */
export function partBody(request: PartRequest): Part[] {
  const lines = splitLines(request.text);
  const labels: Label[] = lines.map(() => OWN);
  partMessage({ request, lines, labels, from: 0, depth: 0, message: request });
  return joinParts({ ...request, lines, labels });
}

type Parting = {
  readonly request: PartRequest;
  readonly lines: readonly Line[];
  /** One for each line; written to. */
  readonly labels: Label[];
};

type MessageParting = Parting & Message & { readonly from: number; readonly depth: number };

/** What is known of a message before it is read: of a mail that is passed on, from the subject in its header. */
type Message = Pick<PartRequest, 'isReply' | 'isForward'>;

/** Parts one message from a line to the end of the text; `depth` counts the messages that were passed on around it. */
function partMessage(outer: Parting & { from: number; depth: number; message: Message }): void {
  const { request, lines, labels, from, depth, message } = outer;
  const parting: MessageParting = { ...outer, isReply: message.isReply || depth > 0, isForward: message.isForward };
  const thread = findThread({ lines, from, isReply: parting.isReply, isForward: message.isForward });
  const end = thread?.start ?? lines.length;
  // A signature may stand below the quotation as well as above it.
  labelEnds({ ...parting, from, to: end });
  labelQuotations({ ...parting, from, to: end });
  labelEnds({ ...parting, from, to: end });
  if (thread === null) return;

  const isForward = thread.isForward || message.isForward;
  if (depth < MAX_PASSED_ON && (depth === 0 ? isPassedOn(thread, request) : isForward)) {
    fill(labels, thread.start, thread.messageStart, forwarded(headerPassedOn));
    fill(labels, thread.messageStart, lines.length, PASSED_ON);
    const inner = readPrefixes(thread.subject ?? '');
    partMessage({ ...outer, from: thread.messageStart, depth: depth + 1, message: inner });
    return;
  }
  fill(labels, thread.start, lines.length, depth > 0 ? cameAlong : quoted(thread.reason));
}

/** A mail that is passed on is part of the ticket; one that is replied to is not. */
function isPassedOn(thread: Thread, { isReply, isForward, subject, name, email }: PartRequest): boolean {
  if (thread.isForward || isForward) return true;
  if (isReply || thread.subject === null) return false;
  const sender = (thread.sender ?? '').toLowerCase();
  // A form or a helpdesk passes on what the requester wrote.
  if ([name, email].some((known) => known && known.length > 3 && sender.includes(known.toLowerCase()))) return true;
  return subject === '' || !thread.subject.trim().endsWith(subject);
}

/** Sets aside runs of lines with quotation marks, where they are those of a mail program. */
function labelQuotations(parting: MessageParting & { to: number }): void {
  const { lines, labels, from, to, depth, isReply, isForward } = parting;
  if (isForward) return; // Everything below is what is passed on.
  const older = (reason: Saying) => (depth > 0 ? cameAlong : quoted(reason));
  const runs = quotationRuns(lines, from, to);
  // Introductions are no words of the customer: between two quotations they answer nothing.
  const starts = runs.map((run) => introductionOf(lines, run.start, from));
  for (const [i, run] of runs.entries()) fill(labels, starts[i]!, run.start, older(introducing));
  const says = (start: number, end: number) => hasWords({ lines, labels, from: start, to: end });
  const answered = new Set(runs.filter(({ end }, i) => says(end, runs[i + 1]?.start ?? to)));
  let isIntroduced = false;
  for (const [i, run] of runs.entries()) {
    const start = starts[i]!;
    isIntroduced ||= start < run.start || holdsIntroduction(lines, run);
    const isAtEnd = !says(run.end, to);
    const isAll = isAtEnd && !says(from, start);
    const isShown = start === run.start && isShownByWriter(lines, run, from);
    if (isAll && depth === 0) fill(labels, run.start, run.end, nothingElse);
    if (isAll || !(isIntroduced || (isReply && isAtEnd && !isShown))) {
      fill(labels, start, run.start, depth > 0 ? PASSED_ON : OWN);
      continue;
    }
    const length = (lines[run.end - 1]?.end ?? 0) - (lines[run.start]?.start ?? 0);
    const isQuestion =
      answered.has(run) &&
      (answered.size > 1 ? length <= MAX_ANSWERED : length <= MAX_ANSWERED_ALONE && asks(lines, run));
    const label = isQuestion ? answeredBelow : older(quotedBelow);
    fill(labels, run.start, run.end, label);
  }
}

/** A reply below the whole of an older mail answers it too, but then that mail is quoted and no question. */
function asks(lines: readonly Line[], { start, end }: Run): boolean {
  return lines.slice(start, end).some(({ content }) => /[?？؟]/.test(content));
}

type Run = { readonly start: number; readonly end: number };

/** Lines with quotation marks that follow each other, empty lines between them included. */
function quotationRuns(lines: readonly Line[], from: number, to: number): Run[] {
  const runs: { start: number; end: number }[] = [];
  for (let at = from; at < to; at += 1) {
    if (lines[at]!.depth === 0) continue;
    const last = runs.at(-1);
    if (last !== undefined && skipBlank(lines, last.end, at) === at) last.end = at + 1;
    else runs.push({ start: at, end: at + 1 });
  }
  return runs;
}

/** "The error is:" above it, or lines of a program's output next to it: the writer shows something. */
function isShownByWriter(lines: readonly Line[], run: Run, from: number): boolean {
  let before = run.start - 1;
  while (before >= from && isBlank(lines[before]!)) before -= 1;
  if (before >= from && /[:：]$|^[<*$#]\s?\S/.test(lines[before]!.content)) return true;
  return /^<\s/.test(lines[run.end]?.content ?? '');
}

/** Apple Mail writes the introduction inside the quotation. */
function holdsIntroduction(lines: readonly Line[], run: Run): boolean {
  const first = lines.slice(run.start, Math.min(run.end, run.start + 4));
  return first.some((_, i) => readIntroLine(first, i) !== null || readHeaderBlock(lines, run.start + i) !== null);
}

/** Sets aside warnings at the start of a message, and signature and legal text at its end. */
function labelEnds({ request, lines, labels, from, to }: Parting & { from: number; to: number }): void {
  const start = skipBanners(lines, from, to);
  let end = to;
  while (end > start && (isBlank(lines[end - 1]!) || labels[end - 1]!.kind !== 'own')) end -= 1;
  const tail = findTail({ lines, from: start, to: end, name: request.name });
  const isEmpty = !hasWords({ lines, labels, from: start, to: tail[0]?.from ?? end });
  // A message of nothing else says just that.
  if (isEmpty) return;
  fill(labels, from, start, banner);
  for (const part of tail) fill(labels, part.from, part.to, part.label);
}

function hasWords(options: { lines: readonly Line[]; labels: readonly Label[]; from: number; to: number }): boolean {
  const { lines, labels, from, to } = options;
  for (let at = from; at < to; at += 1) if (labels[at]!.kind === 'own' && !isBlank(lines[at]!)) return true;
  return false;
}

function fill(labels: Label[], from: number, to: number, label: Label): void {
  labels.fill(label, from, to);
}

/** Joins neighbours of the same kind; what the HTML says of characters goes before what the lines say. */
function joinParts(options: {
  text: string;
  marks: readonly Mark[];
  lines: readonly Line[];
  labels: readonly Label[];
}): Part[] {
  const { text, marks, lines, labels } = options;
  const parts: (Omit<Part, 'end'> & { end: number })[] = [];
  let hasText = false;
  const add = (start: number, end: number, label: Label) => {
    if (start >= end) return;
    const last = parts.at(-1);
    // Empty lines belong to what stands above them, those at the very beginning to what follows.
    const isEmpty = !/\S/.test(end - start === 1 ? text[start]! : text.slice(start, end));
    const isSame = last?.kind === label.kind && last.reason.text === label.reason.text;
    if (last !== undefined && (isEmpty || isSame)) last.end = end;
    else if (hasText || last === undefined) parts.push({ ...label, start, end });
    else parts[0] = { ...label, start: last.start, end };
    hasText ||= !isEmpty;
  };
  let next = 0;
  for (const [i, line] of lines.entries()) {
    const label = labels[i]!;
    let at = line.start;
    while (next < marks.length && marks[next]!.start < line.end) {
      const mark = marks[next]!;
      add(at, Math.max(at, mark.start), label);
      const end = Math.min(mark.end, line.end);
      add(Math.max(at, mark.start), end, mark.label);
      at = Math.max(at, end);
      if (mark.end > line.end) break;
      next += 1;
    }
    add(at, line.end, label);
  }
  return parts.length === 0 && text !== '' ? [{ ...OWN, start: 0, end: text.length }] : parts;
}

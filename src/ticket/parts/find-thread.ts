import { type Saying, say } from '../../base/say.ts';
import { type HeaderBlock, readHeaderBlock } from './header-block.ts';
import { readIntroLine } from './intro-line.ts';
import { isBlank, type Line, skipBlank } from './lines.ts';
import { isGroupWiseIntro, readMarker } from './marker-line.ts';

/** Where an older message begins that is written below the customer's words, not marked line by line. */
export type Thread = {
  /** First line that is not the customer's: the rule, marker or header above the message. */
  readonly start: number;
  /** First line of the older message. */
  readonly messageStart: number;
  readonly isForward: boolean;
  /** Subject in the header of the older message. */
  readonly subject: string | null;
  /** Sender in that header. */
  readonly sender: string | null;
  readonly reason: Saying;
};

const belowHeaderBlock = say(
  'part.below-header',
  'Below the header of an older message (sender, date, recipient, subject).',
);
const belowMarker = say('part.below-marker', 'Below the marker of an older message.');
const belowIntroduction = say(
  'part.below-introduction',
  'Below the line with which a mail program introduces an older message.',
);
const belowReplyLine = say('part.below-reply-line', 'Below the line of a helpdesk that asks for replies above it.');

export type ThreadSearch = {
  readonly lines: readonly Line[];
  readonly from: number;
  readonly isReply: boolean;
  /** In a forward, what is passed on may stand in a quotation, as Apple Mail writes it. */
  readonly isForward: boolean;
};

/** Finds the first header, marker or introduction of an older message from a line on; null when there is none. */
export function findThread(search: ThreadSearch): Thread | null {
  const { lines, from } = search;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (line.content === '') continue;
    const found = line.depth > 0 && !isGroupWiseIntro(line) ? quotedThreadAt(search, at) : threadAt(search, at);
    if (found !== null) return found;
  }
  return null;
}

function threadAt({ lines, isReply, isForward }: ThreadSearch, at: number): Thread | null {
  // A header without a subject, in a mail that is no reply, is as likely a form or a list of messages.
  const isUnsure = (header: HeaderBlock) => header.subject === null && !isReply && !isForward;
  const marker = readMarker(lines[at]!);
  if (marker === 'reply-above') {
    return { start: at, messageStart: at + 1, isForward: false, subject: null, sender: null, reason: belowReplyLine };
  }
  if (marker !== null) {
    const header = readHeaderBlock(lines, skipBlank(lines, at + 1), { isMarked: true });
    if (marker === 'rule' && (header === null || isUnsure(header))) return null;
    const reason = marker === 'rule' ? belowHeaderBlock : belowMarker;
    // Yandex writes an introduction in place of the header.
    const messageStart = header?.end ?? readIntroLine(lines, skipBlank(lines, at + 1))?.end ?? at + 1;
    return belowHeader({ at, messageStart, header, isForward: marker === 'forward', reason });
  }
  const header = readHeaderBlock(lines, at);
  if (header !== null && isUnsure(header)) return null;
  if (header !== null)
    return belowHeader({ at, messageStart: header.end, header, isForward: false, reason: belowHeaderBlock });

  const intro = readIntroLine(lines, at);
  if (intro === null) return null;
  const next = skipBlank(lines, intro.end);
  const isQuotedBelow = next < lines.length && lines[next]!.depth > 0;
  const isProgram = intro.hasAddress || (isReply && intro.hasExactDate);
  if ((isQuotedBelow && !intro.hasMessage) || !isProgram) return null; // Quoted lines are read where they are; people write such lines too.
  return {
    ...{ start: at, messageStart: intro.end, isForward: false },
    ...{ subject: null, sender: null, reason: belowIntroduction },
  };
}

/** A forwarded mail within a quotation. Any other quotation is read where it is. */
function quotedThreadAt({ lines, from, isForward }: ThreadSearch, at: number): Thread | null {
  if (at > from && lines[at - 1]!.depth > 0 && !isForward) return null;
  const isMarked = readMarker(lines[at]!) === 'forward';
  if (!isMarked && !isForward) return null;
  let headerAt = at;
  if (isMarked) {
    headerAt = at + 1;
    while (headerAt < lines.length && lines[headerAt]!.content === '') headerAt += 1;
  }
  const header = readHeaderBlock(lines, headerAt, { isMarked });
  if (header === null) return null;
  return belowHeader({
    at,
    messageStart: header.end,
    header,
    isForward: true,
    reason: belowMarker,
  });
}

function belowHeader(options: {
  at: number;
  messageStart: number;
  header: HeaderBlock | null;
  isForward: boolean;
  reason: Saying;
}): Thread {
  const { at, messageStart, header, isForward, reason } = options;
  return {
    start: at,
    messageStart,
    isForward,
    subject: header?.subject ?? null,
    sender: header?.sender ?? null,
    reason,
  };
}

/** First line of the introduction that belongs to the quotation which begins at a line. */
export function introductionOf(lines: readonly Line[], quotation: number, from: number): number {
  let last = quotation - 1;
  while (last >= from && isBlank(lines[last]!)) last -= 1;
  for (let start = last; start >= Math.max(from, last - 3); start -= 1) {
    if (isBlank(lines[start]!)) break;
    if (readIntroLine(lines, start)?.end === last + 1) return longest(lines, { start, end: last + 1, from });
  }
  return quotation;
}

/** A wrapped introduction says more from an earlier line on: the address, the date. */
function longest(lines: readonly Line[], { start, end, from }: { start: number; end: number; from: number }): number {
  let first = start;
  for (let at = start - 1; at >= Math.max(from, end - 4); at -= 1) {
    if (isBlank(lines[at]!)) break;
    if (readIntroLine(lines, at)?.end === end) first = at;
  }
  return first;
}

import { readHeaderBlock } from './header-block.ts';
import { readIntroLine } from './intro-line.ts';
import { isBlank, type Line, skipBlank } from './lines.ts';
import { readMarker } from './marker-line.ts';

/** Where an older message begins that is written below the customer's words, not marked line by line. */
export type Thread = {
  /** First line that is not the customer's: the rule, marker or header above the message. */
  readonly start: number;
  /** First line of the older message. */
  readonly messageStart: number;
  readonly isForward: boolean;
  /** Subject in the header of the older message. */
  readonly subject: string | null;
  readonly reason: string;
};

const HEADER_REASON = 'Below the header of an older message (sender, date, recipient, subject).';

/** Finds the first header, marker or introduction of an older message from a line on; null when there is none. */
export function findThread(options: {
  readonly lines: readonly Line[];
  readonly from: number;
  readonly isReply: boolean;
}): Thread | null {
  const { lines, from, isReply } = options;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (line.depth > 0 || line.content === '') continue;
    const found = threadAt({ lines, at, isReply });
    if (found !== null) return found;
  }
  return null;
}

function threadAt({ lines, at, isReply }: { lines: readonly Line[]; at: number; isReply: boolean }): Thread | null {
  const marker = readMarker(lines[at]!);
  if (marker === 'reply-above') {
    const reason = 'Below the line of a helpdesk that asks for replies above it.';
    return { start: at, messageStart: at + 1, isForward: false, subject: null, reason };
  }
  if (marker !== null) {
    const next = skipBlank(lines, at + 1);
    const header = readHeaderBlock(lines, next);
    if (marker === 'rule' && header === null) return null;
    const isForward = marker === 'forward';
    const reason = marker === 'rule' ? HEADER_REASON : 'Below the marker of an older message.';
    const messageStart = header?.end ?? at + 1;
    return { start: at, messageStart, isForward, subject: header?.subject ?? null, reason };
  }
  const header = readHeaderBlock(lines, at);
  if (header !== null)
    return { start: at, messageStart: header.end, isForward: false, subject: header.subject, reason: HEADER_REASON };

  const intro = readIntroLine(lines, at);
  if (intro === null) return null;
  const next = skipBlank(lines, intro.end);
  const isQuotedBelow = next < lines.length && lines[next]!.depth > 0;
  const isProgram = intro.hasAddress || (isReply && intro.hasExactDate);
  if (isQuotedBelow || !isProgram) return null; // Quoted lines are read where they are; people write such lines too.
  const reason = 'Below the line with which a mail program introduces an older message.';
  return { start: at, messageStart: intro.end, isForward: false, subject: null, reason };
}

/** First line of the introduction or header that belongs to the quotation which begins at a line. */
export function introductionOf(lines: readonly Line[], quotation: number, from: number): number {
  let last = quotation - 1;
  while (last >= from && isBlank(lines[last]!)) last -= 1;
  for (let start = last; start >= Math.max(from, last - 3); start -= 1) {
    if (isBlank(lines[start]!)) break;
    const intro = readIntroLine(lines, start);
    if (intro?.end === last + 1) {
      // Wrapped lines before it belong to it, too: the longest introduction that is one.
      let first = start;
      for (let earlier = start - 1; earlier >= Math.max(from, last - 3); earlier -= 1) {
        if (isBlank(lines[earlier]!) || readIntroLine(lines, earlier)?.end !== last + 1) break;
        if (/[.!?…。]$/.test(lines[earlier]!.content)) break;
        first = earlier;
      }
      return first;
    }
  }
  return quotation;
}

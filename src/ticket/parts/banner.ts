import { paragraphStart } from './legal-text.ts';
import { isBlank, isRule, type Line, skipBlank } from './lines.ts';
import { bannerNouns, bannerTags, bannerWords, comparable, countWords, senderNotes, speaksOfSelf } from './words.ts';

const MAX_BANNER_LENGTH = 800;
const MAX_BANNERS = 3;
const MAX_BANNER_LINES = 10;
const BANNER_WORDS = 2;

/** Index of the first line after the warnings that mail servers put above a mail from outside; `from` when there are none. */
export function skipBanners(lines: readonly Line[], from: number, to: number): number {
  let end = from;
  for (let count = 0; count < MAX_BANNERS; count += 1) {
    const stop = bannerEnd(lines, skipBlank(lines, end, to), to);
    if (stop === null) break;
    end = stop;
  }
  return end;
}

/** First line of such a warning that the lines end with; null when they end with none. */
export function bannerStart(lines: readonly Line[], from: number, to: number): number | null {
  const start = paragraphStart(lines, from, to);
  if (to - start > MAX_BANNER_LINES) return null;
  const texts = lines.slice(start, to).map(({ content }) => comparable(content));
  return isBanner(texts.join(' ')) ? start : null;
}

/** The line after a banner that begins here: the text may follow without an empty line. */
function bannerEnd(lines: readonly Line[], start: number, to: number): number | null {
  let text = '';
  let end: number | null = null;
  for (let at = start; at < to && !isBlank(lines[at]!) && text.length <= MAX_BANNER_LENGTH; at += 1) {
    const line = comparable(lines[at]!.content);
    // Wrapped lines of a banner go on; a line after a full stop is one only when it says so itself.
    const goesOn = at > start && !/[.!?。！*\]]$/.test(text);
    if (at > start && !goesOn && countWords(line, bannerWords) === 0 && !isRule(lines[at]!.content)) break;
    text = `${text} ${line}`;
    if (isBanner(text.trim())) end = at + 1;
  }
  return end;
}

function isBanner(text: string): boolean {
  if (text.length > MAX_BANNER_LENGTH || /[?？]/.test(text)) return false;
  if (senderNotes.some((note) => text.includes(note))) return true;
  const bare = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (bannerTags.includes(bare)) return true;
  const words = countWords(text, bannerWords);
  // Links and attachments alone are what somebody may write about.
  const nouns = Math.min(1, countWords(text, bannerNouns));
  return !speaksOfSelf(text) && words > 0 && words + nouns >= BANNER_WORDS;
}

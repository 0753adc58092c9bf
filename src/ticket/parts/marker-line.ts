import type { Line } from './lines.ts';
import { comparable, forwardMarkers, introVerbs, originalMarkers, replyAboveLines } from './words.ts';

/** `rule`: a line of dashes, also with words that are not known in it: it marks a message only above a header. */
export type Marker = 'original' | 'forward' | 'reply-above' | 'rule';

const ruleLine = /^(?:_{10,200}|-{10,200}|={10,200}|\*{10,200}|—{3,200}|─{3,200})$/;
const framed = /^(?:[-_=*~#—–─>\s]{2,60})((?:[^-_=*~#—–─]|(?<=\p{L})-(?=\p{L})){3,80}?)(?:[-_=*~#—–─\s]{0,60})[:：]?$/u;
/** The shortest are Chinese and Japanese. */
const MIN_MARKER_LENGTH = 3;
const MAX_MARKER_LENGTH = 200;
const isFramed = /^[-_=]{5,60} ?\p{L}.{1,80}\p{L} ?[-_=]{5,60}$/u;
const frameStart = /^[-_=*~#—–─>]/;

/** Zoho and Notes frame the line that introduces an older message: "---- On Fri … Ana <ana@shop.example> wrote ----". */
const isFramedIntro = (content: string, text: string): boolean =>
  /^-{3}/.test(content) &&
  /-{3}$/.test(content) &&
  /[^\s<>@]@[^\s<>@]/.test(content) &&
  introVerbs.some((verb) => text.includes(verb));

/** GroupWise: ">>> Ana <ana@shop.example> 10.11.2026 16:02 >>>" */
const groupWise = /^>>> [^<>]{0,100}<?[^\s<>@]{1,64}@[^\s<>@]{2,200}>?[^<>]{5,60}>>>$/;

/** Whether a line with quotation marks in front is the introduction of an older message. */
export const isGroupWiseIntro = ({ text }: Line): boolean => text.startsWith('>>>') && groupWise.test(text.trim());

/** What a line says that stands between two messages; null for any other line. */
export function readMarker(line: Line): Marker | null {
  const { content } = line;
  if (isGroupWiseIntro(line)) return 'original';
  if (content.length < MIN_MARKER_LENGTH || content.length > MAX_MARKER_LENGTH) return null;
  if (ruleLine.test(content)) return 'rule';
  const text = comparable(content);
  if (replyAboveLines.some((phrase) => text.includes(phrase))) return 'reply-above';
  const inner = frameStart.test(content) ? comparable(framed.exec(content)?.[1] ?? '') : '';
  if (inner !== '') {
    if (forwardMarkers.some((phrase) => inner === phrase || inner.startsWith(`${phrase} `))) return 'forward';
    if (originalMarkers.includes(inner)) return 'original';
    if (isFramed.test(content)) return 'rule';
  }
  if (isFramedIntro(content, text)) return 'original';
  // Apple Mail and Thunderbird write some of these without a frame, with a colon.
  const bare = text.replace(/\s?[:：]$/, '');
  if (bare !== text && forwardMarkers.includes(bare)) return 'forward';
  return null;
}

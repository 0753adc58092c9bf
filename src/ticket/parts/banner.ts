import { isBlank, type Line, skipBlank } from './lines.ts';
import { bannerWords, comparable, countWords } from './words.ts';

const MAX_BANNER_LENGTH = 800;
const MAX_BANNERS = 3;
const BANNER_WORDS = 2;

/** Index of the first line after the warnings that mail servers put above a mail from outside; `from` when there are none. */
export function skipBanners(lines: readonly Line[], from: number, to: number): number {
  let end = from;
  for (let count = 0; count < MAX_BANNERS; count += 1) {
    const start = skipBlank(lines, end, to);
    let stop = start;
    let text = '';
    while (stop < to && !isBlank(lines[stop]!) && text.length <= MAX_BANNER_LENGTH) {
      text += ` ${lines[stop]!.content}`;
      stop += 1;
    }
    if (text.length > MAX_BANNER_LENGTH || countWords(comparable(text), bannerWords) < BANNER_WORDS) break;
    end = stop;
  }
  return end;
}

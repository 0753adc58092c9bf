/** A line of a body and where it is. */
export type Line = {
  readonly start: number;
  /** After the line break. */
  readonly end: number;
  /** Without the line break. */
  readonly text: string;
  /** How many quotation marks (`>`) it starts with. */
  readonly depth: number;
  /** Without quotation marks and surrounding white space. */
  readonly content: string;
};

/** Longer lines are no header, no signature and no marker: only so much of them is looked at. */
const MAX_LOOKED_AT = 1_000;

const lineBreak = /\r\n|\n|\r/g;

/** The lines of a text, which they cover from its start to its end. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  // `test` makes no objects: a body may have 200,000 lines.
  for (lineBreak.lastIndex = 0; lineBreak.test(text); start = lineBreak.lastIndex) {
    const end = lineBreak.lastIndex;
    const length = end - start - (text.startsWith('\r\n', end - 2) ? 2 : 1);
    const line = readLine({ text, start, length, end });
    lines.push(isEndOfAddress(line, lines.at(-1)) ? { ...line, depth: 0, content: line.text.trim() } : line);
  }
  if (start < text.length) lines.push(readLine({ text, start, length: text.length - start, end: text.length }));
  return lines;
}

/** An introduction that is wrapped within "<ana@shop.example>" goes on with "> wrote:", which is no quotation. */
const isEndOfAddress = ({ text, depth }: Line, before: Line | undefined): boolean =>
  depth === 1 &&
  before?.depth === 0 &&
  before.text.includes('<') &&
  /^> ?[^>@]{0,40}[:：]\s*$/.test(text) &&
  /<[^<>\s]{0,200}$/.test(before.text);

function readLine(options: { text: string; start: number; length: number; end: number }): Line {
  const { start, length, end } = options;
  const text = options.text.slice(start, start + Math.min(length, MAX_LOOKED_AT));
  let depth = 0;
  let at = 0;
  for (; at < text.length; at += 1) {
    const character = text[at];
    if (character === '>') depth += 1;
    else if (character !== ' ' && character !== '\t' && character !== '\u00a0') break;
  }
  return { start, end, text, depth, content: (depth === 0 ? text : text.slice(at)).trim() };
}

export const isBlank = ({ content, depth }: Line): boolean => content === '' && depth === 0;

/** A line of dashes, underscores, stars or box lines. `content` is that of a line. */
export const isRule = (content: string): boolean => /^[-=_*~─━—]{3,200}$/.test(content);

/** Index of the first line from `from` on, before `to`, that has content; `to` when there is none. */
export function skipBlank(lines: readonly Line[], from: number, to: number = lines.length): number {
  let at = from;
  while (at < to && isBlank(lines[at]!)) at += 1;
  return at;
}

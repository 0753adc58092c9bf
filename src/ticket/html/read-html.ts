import type { FormatCallback } from 'html-to-text';
import { onFirstUse } from '../../base/on-first-use.ts';
import type { Mark } from '../parts/part-body.ts';
import { bracketHtml, takeBrackets } from './brackets.ts';
import { loadHtmlToText } from './load-html-parser.ts';

/** Shows the alternative text of an image. Addresses and file names would not help a classifier. */
const imageAlternative: FormatCallback = (element, _walk, builder) => {
  const alternative: unknown = element.attribs?.alt;
  if (typeof alternative === 'string' && alternative.trim() !== '') builder.addInline(alternative);
};

/** Adds a space after each table cell; the library would join the texts of cells without one. */
const cell: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder);
  builder.addInline(' ');
};

const converter = onFirstUse(() =>
  loadHtmlToText().compile({
    wordwrap: false,
    // Mails nest tables, but not hundreds of levels deep. Deeper nesting could overflow the stack.
    limits: { maxDepth: 150, ellipsis: '', maxInputLength: undefined },
    formatters: { imageAlternative, cell },
    selectors: [
      { selector: '*', format: 'inline' },
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'imageAlternative' },
      { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      { selector: 'td', format: 'cell' },
      { selector: 'th', format: 'cell' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      ...['dt', 'dd', 'center', 'address', 'summary', 'details', 'caption', 'figcaption', 'legend', 'fieldset'].map(
        (selector) => ({ selector, format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } }),
      ),
      ...['head', 'style', 'script', 'title', 'noscript', 'template', 'svg'].map((selector) => ({
        selector,
        format: 'skip',
      })),
    ],
  }),
);
const convert = (html: string): string => converter()(html);

/**
 * The most tags that the library parses. A long mail of nested tables has a few thousand; the library takes half a
 * second for 60,000.
 */
export const MAX_PARSED_TAGS = 8_000;

export type HtmlText = {
  readonly text: string;
  /** What the HTML says of stretches of the text: hidden, or a signature. In order, none within another. */
  readonly marks: readonly Mark[];
};

/**
 * Returns HTML as text, with what a mail program does not show as marked text; lines of block quotes start with `> `.
 * Tags beyond MAX_PARSED_TAGS are only removed.
 */
export function readHtml(html: string): HtmlText {
  const { parsed, rest } = splitHtml(html);
  const read = (hidesWhite: boolean) =>
    takeBrackets(
      [convert(bracketHtml(parsed, { hidesWhite })), ...(rest === '' ? [] : [convert(withoutTags(rest))])].join('\n'),
    );
  const found = read(true);
  // A mail of white letters alone was written on a dark screen.
  if (found.text.trim() !== '') return isShown(found) ? found : read(false);
  // Only pictures, or nested too deeply: return the addresses, or the text without its tags, instead of nothing.
  const addresses = [...html.matchAll(/\b(?:src|href)\s{0,5}=\s{0,5}["']?(https?:[^"'\s<>]{1,500})/gi)];
  if (addresses.length > 0) return { text: addresses.map((match) => match[1]).join(' '), marks: [] };
  return { text: withoutTags(html).trim(), marks: [] };
}

/** Whether anything is left without what is hidden. */
function isShown({ text, marks }: HtmlText): boolean {
  let at = 0;
  for (const { start, end, label } of marks) {
    if (label.kind !== 'hidden') continue;
    if (text.slice(at, start).trim() !== '') return true;
    at = end;
  }
  return text.slice(at).trim() !== '';
}

/** Splits HTML into the part that the library parses and the rest after MAX_PARSED_TAGS tags. */
export function splitHtml(html: string): { readonly parsed: string; readonly rest: string } {
  let at = -1;
  for (let tags = 0; tags <= MAX_PARSED_TAGS; tags++) {
    at = html.indexOf('<', at + 1);
    if (at === -1) return { parsed: html, rest: '' };
  }
  return { parsed: html.slice(0, at), rest: html.slice(at) };
}

function withoutTags(html: string): string {
  return html.replace(/<[^<>]*>/g, ' ').replaceAll('<', ' ');
}

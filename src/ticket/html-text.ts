import { compile, type FormatCallback } from 'html-to-text';

/** Tags that mail programs and web editors write, so that product names in angle brackets and `<3` do not match. */
const htmlTag =
  /<\/?(?:html|head|body|div|p|br|span|table|tbody|tr|td|th|a|b|i|u|strong|em|ul|ol|li|img|blockquote|h[1-6]|style|font|pre|code|center|hr|section|article)(?:\s[^<>]{0,2000})?\/?>/i;
const closingTagOrLineBreak = /<(?:\/[a-z][a-z0-9]{0,15}\s{0,5}>|br\s{0,5}\/?>|img\s|hr\s{0,5}\/?>)/i;

/** True for text that was written as HTML, false for plain text that mentions a tag. */
export function looksLikeHtml(text: string): boolean {
  return htmlTag.test(text) && (closingTagOrLineBreak.test(text) || text.trimStart().startsWith('<'));
}

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

const convert = compile({
  wordwrap: false,
  // Mails nest tables, but not hundreds of levels deep. Deeper nesting could overflow the stack.
  limits: { maxDepth: 150, ellipsis: '', maxInputLength: undefined },
  formatters: { imageAlternative, cell },
  selectors: [
    { selector: '*', format: 'inline' },
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'imageAlternative' },
    { selector: 'td', format: 'cell' },
    { selector: 'th', format: 'cell' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ...['head', 'style', 'script', 'title', 'noscript', 'template', 'svg'].map((selector) => ({
      selector,
      format: 'skip',
    })),
  ],
});

/**
 * The most tags that the library parses. A long mail of nested tables has a few thousand; the library takes half a
 * second for 60,000.
 */
export const MAX_PARSED_TAGS = 8_000;

/** Returns HTML as plain text; lines of block quotes start with `> `. Tags beyond MAX_PARSED_TAGS are only removed. */
export function htmlToText(html: string): string {
  const { parsed, rest } = splitHtml(html);
  const text = [convert(parsed), ...(rest === '' ? [] : [convert(withoutTags(rest))])].join('\n');
  if (text.trim() !== '') return text;
  // Only pictures, or nested too deeply: return the addresses, or the text without its tags, instead of nothing.
  const addresses = [...html.matchAll(/\b(?:src|href)\s{0,5}=\s{0,5}["']?(https?:[^"'\s<>]{1,500})/gi)];
  if (addresses.length > 0) return addresses.map((match) => match[1]).join(' ');
  return withoutTags(html).trim();
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

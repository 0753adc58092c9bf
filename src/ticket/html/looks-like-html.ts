/** Tags that mail programs and web editors write, so that product names in angle brackets and `<3` do not match. */
const htmlTag =
  /<\/?(?:html|head|body|div|p|br|span|table|tbody|tr|td|th|a|b|i|u|strong|em|ul|ol|li|img|blockquote|h[1-6]|style|font|pre|code|center|hr|section|article|dl|dt|dd|small|sub|sup|s|strike|thead|tfoot|caption|details|summary)(?:\s[^<>]{0,2000})?\/?>/i;
const documentStart = /^\s{0,1000}(?:<!doctype html|<\?xml|<html|<head|<body)/i;
const lineTag = /<(?:br|\/(?:p|div|li|tr|h[1-6]|blockquote|table|ul|ol|dt|dd))\b[^<>]{0,500}>/gi;
const startsWithTag = /^\s{0,1000}<[a-z!]/i;
const endsWithTag = /<\/?[a-z][^<>]{0,2000}>\s{0,1000}$/i;
const inlineMarkup = /<(b|i|u|a|em|strong|span|font|p)(?:\s[^<>]{0,2000})?>[^<>]{1,5000}<\/\1>/i;

/**
 * True for text that was written as HTML. False for plain text that mentions tags: its line breaks are in the text and
 * not in the tags.
 */
export function looksLikeHtml(text: string): boolean {
  if (!htmlTag.test(text)) return false;
  if (documentStart.test(text) || (startsWithTag.test(text) && endsWithTag.test(text.slice(-3_000)))) return true;
  const lineBreaks = text.trim().split('\n').length - 1;
  const lineTags = text.match(lineTag)?.length ?? 0;
  return lineTags > lineBreaks || (lineBreaks === 0 && (inlineMarkup.test(text) || startsWithTag.test(text)));
}

import { estimateTokens, weightOfUnit } from './estimate-tokens.ts';

// A fence is a pair of tags in the request around a customer's words. A customer cannot forge one: every `<` in these
// words becomes `&lt;`, so that only we write `<` in a request.

/** Characters that people do not see but a model may: control codes, direction overrides, Unicode tag characters. */
const invisible = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\ufeff\u{e0001}\u{e0020}-\u{e007f}]/gu;
const loneSurrogates = /\p{Cs}/gu;

/** Escapes a text for the inside of a fence: nothing in it opens or closes a tag. */
export function escapeForFence(text: string): string {
  return visibleText(text).replaceAll('<', '&lt;');
}

/** Removes characters that people do not see, and normalises line ends. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(invisible, '').replace(loneSurrogates, '\ufffd');
}

/** Undoes `escapeForFence`, for words that a model quoted from inside a fence. */
export function unescapeFromFence(text: string): string {
  return text.replaceAll('&lt;', '<');
}

/**
 * Share of the kept text that comes from the beginning: most customers say there, or else at the end, what they want.
 */
const HEAD_SHARE = 0.75;

/** Cuts a long text to about `maxTokens`: keeps its beginning and its end, with a marker between them. */
export function boundText({ text, maxTokens }: { text: string; maxTokens: number }): string {
  if (text.length <= maxTokens / 2) return text; // short enough in any script
  if (estimateTokens(text) <= maxTokens) return text;
  const headEnd = endOfHead({ text, tokens: maxTokens * HEAD_SHARE });
  const tailStart = Math.max(headEnd, startOfTail({ text, tokens: maxTokens * (1 - HEAD_SHARE) }));
  const left = tailStart - headEnd;
  return `${text.slice(0, headEnd)}\n[… ${left} characters left out …]\n${text.slice(tailStart)}`;
}

const aroundCut = /.{0,80}\n(\[… \d+ characters left out …\])\n.{0,80}/s;

/** Removes the words next to a cut: the cut may have halved an address, which redaction then did not recognise. */
export function trimAroundCut(text: string): string {
  return text.replace(aroundCut, '\n$1\n');
}

function endOfHead({ text, tokens }: { text: string; tokens: number }): number {
  let weight = 0;
  let at = 0;
  while (at < text.length && weight < tokens) {
    weight += weightOfUnit(text.charCodeAt(at));
    at += 1;
  }
  return isLowSurrogate(text, at) ? at - 1 : at;
}

function startOfTail({ text, tokens }: { text: string; tokens: number }): number {
  let weight = 0;
  let at = text.length;
  while (at > 0 && weight < tokens) {
    at -= 1;
    weight += weightOfUnit(text.charCodeAt(at));
  }
  return isLowSurrogate(text, at) ? at + 1 : at;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

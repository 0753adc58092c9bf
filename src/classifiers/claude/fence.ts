import { estimateTokens, weightOfUnit } from './estimate-tokens.ts';

// Customers' words stand between tags in the request. A fence cannot be forged because no `<` of theirs survives:
// every one becomes `&lt;`, so that whatever `<` the request has was written by us.

/** Characters that no reader sees but a model may: control codes, direction overrides, Unicode tag characters. */
const invisible = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\ufeff\u{e0001}\u{e0020}-\u{e007f}]/gu;
const loneSurrogates = /\p{Cs}/gu;

/** Text that can stand inside a fence: nothing in it opens or closes a tag. */
export function escapeForFence(text: string): string {
  return visibleText(text).replaceAll('<', '&lt;');
}

/** The text without characters that no reader sees. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(invisible, '').replace(loneSurrogates, '\ufffd');
}

/** Takes `escapeForFence` back, for words that a model quoted from inside a fence. */
export function unescapeFromFence(text: string): string {
  return text.replaceAll('&lt;', '<');
}

/** Share of the kept text that is its beginning; customers mostly say first what they want, and sign off with an ask. */
const HEAD_SHARE = 0.75;

/** Cuts a long text to about `maxTokens`, keeping its head and tail with a marker between them. */
export function boundText({ text, maxTokens }: { text: string; maxTokens: number }): string {
  if (text.length <= maxTokens / 2) return text; // shorter than any script could make too long
  if (estimateTokens(text) <= maxTokens) return text;
  const headEnd = endOfHead({ text, tokens: maxTokens * HEAD_SHARE });
  const tailStart = Math.max(headEnd, startOfTail({ text, tokens: maxTokens * (1 - HEAD_SHARE) }));
  const left = tailStart - headEnd;
  return `${text.slice(0, headEnd)}\n[… ${left} characters left out …]\n${text.slice(tailStart)}`;
}

const aroundCut = /.{0,80}\n(\[… \d+ characters left out …\])\n.{0,80}/s;

/** Takes away the words next to a cut: the cut may have halved an address, which redaction then did not know. */
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

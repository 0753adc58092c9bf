// Characters per token on 5.x models. The source is the rule of thumb for older models, about 4 characters of English
// per token, and 30 % more tokens on 5.x models for the same text. These are estimates; only the API counts exactly.
const ASCII_CHARACTERS_PER_TOKEN = 3.1;
const ALPHABETIC_CHARACTERS_PER_TOKEN = 1.8; // accented Latin, Cyrillic, Greek, Arabic, Hebrew, Indic
const WIDE_CHARACTERS_PER_TOKEN = 0.85; // Chinese, Japanese, Korean, emoji

/** Estimates the tokens of a text (±30 %). Used to cut prompts, to reserve budget and in the benchmarks. */
export function estimateTokens(text: string): number {
  let weight = 0;
  for (let at = 0; at < text.length; at += 1) weight += weightOfUnit(text.charCodeAt(at));
  return Math.ceil(weight);
}

/** Weight in tokens of one UTF-16 code unit; both halves of a surrogate pair count as half a wide character. */
export function weightOfUnit(unit: number): number {
  if (unit < 0x80) return 1 / ASCII_CHARACTERS_PER_TOKEN;
  if (unit >= 0xd800 && unit <= 0xdfff) return 0.5 / WIDE_CHARACTERS_PER_TOKEN;
  if (unit >= 0x2e80) return 1 / WIDE_CHARACTERS_PER_TOKEN;
  return 1 / ALPHABETIC_CHARACTERS_PER_TOKEN;
}

// Cuts a text that is too long for the model into windows that the model can read.

import { MAX_TOKENS } from './weights.ts';

export type WindowOptions = {
  readonly maxWindows: number;
  /** True for a token at the beginning of a word: windows are cut there where possible. */
  readonly beginsWord: (id: number) => boolean;
};

/**
 * Returns windows of up to MAX_TOKENS tokens in the order of the text, of about the same length and without overlap. A
 * text that does not fit into `maxWindows` loses its middle: tickets begin with what happened and end with the request.
 * No tokens give no windows. Throws `RangeError` unless `maxWindows` is a whole number of at least 1.
 */
export function splitIntoWindows(ids: readonly number[], { maxWindows, beginsWord }: WindowOptions): number[][] {
  if (!Number.isInteger(maxWindows) || maxWindows < 1) {
    throw new RangeError(`maxWindows is ${maxWindows}; it must be a whole number of at least 1.`);
  }
  if (ids.length > maxWindows * MAX_TOKENS) {
    const tail = maxWindows > 1 ? MAX_TOKENS : 0;
    const head = ids.slice(0, maxWindows * MAX_TOKENS - tail);
    const options = { maxWindows: maxWindows - (tail > 0 ? 1 : 0), beginsWord };
    return [...splitIntoWindows(head, options), ...(tail > 0 ? [ids.slice(-tail)] : [])];
  }
  const windows: number[][] = [];
  let start = 0;
  for (let left = Math.ceil(ids.length / MAX_TOKENS); left > 0; left -= 1) {
    const end = left === 1 ? ids.length : findCut({ ids, start, left, beginsWord });
    windows.push(ids.slice(start, end));
    start = end;
  }
  return windows;
}

/** Finds the last beginning of a word in the first of `left` equal parts after which the rest still fits the others. */
function findCut(options: {
  readonly ids: readonly number[];
  readonly start: number;
  readonly left: number;
  readonly beginsWord: (id: number) => boolean;
}): number {
  const { ids, start, left, beginsWord } = options;
  const even = start + Math.ceil((ids.length - start) / left);
  const earliest = Math.max(start + 1, ids.length - (left - 1) * MAX_TOKENS);
  for (let cut = even; cut >= earliest; cut -= 1) {
    if (beginsWord(ids[cut]!)) return cut;
  }
  return even;
}

// Self-attention of the kernel: for each of the four heads, softmax(queries · keysᵀ) · values over the tokens of one
// text. The queries are already scaled by 1 ÷ √headWidth, because that factor is part of their weights.

import {
  type Assembler,
  advance,
  block,
  type Code,
  call,
  type FunctionHandle,
  f32,
  get,
  i32,
  repeatWhile,
  set,
} from './wasm-assembler.ts';

export const HEADS = 4;

/**
 * `attention`: `queriesKeysValues` has one row per token: the queries of all heads, then the keys, then the values.
 * `out` gets one row per token, head after head. `padded` is `tokens` rounded up to a multiple of 8. `keys` is scratch
 * memory for headWidth × padded floats, `scores` for tokens × padded floats.
 */
export function defineAttention(
  assembler: Assembler,
  { floatMatmul, softmaxRows }: { readonly floatMatmul: FunctionHandle; readonly softmaxRows: FunctionHandle },
): void {
  const transposeKeys = defineTransposeKeys(assembler);

  assembler.define(
    'attention',
    {
      queriesKeysValues: 'i32',
      tokens: 'i32',
      padded: 'i32',
      headWidth: 'i32',
      out: 'i32',
      keys: 'i32',
      scores: 'i32',
    },
    (p, newLocal) => {
      const headsLeft = newLocal('i32');
      const headBytes = newLocal('i32');
      const partBytes = newLocal('i32'); // third of a row: the queries of all heads, or the keys, or the values
      const rowBytes = newLocal('i32');
      const paddedBytes = newLocal('i32');
      // Advances by one head in each iteration.
      const queries = p.queriesKeysValues;
      const part = (index: number): Code => i32.add(get(queries), i32.mul(get(partBytes), i32.const(index)));
      return block(
        set(headBytes, i32.mul(get(p.headWidth), i32.const(4))),
        set(partBytes, i32.mul(get(headBytes), i32.const(HEADS))),
        set(rowBytes, i32.mul(get(partBytes), i32.const(3))),
        set(paddedBytes, i32.mul(get(p.padded), i32.const(4))),
        set(headsLeft, i32.const(HEADS)),
        repeatWhile(
          i32.lessThan(i32.const(0), get(headsLeft)),
          call(transposeKeys, part(1), get(rowBytes), get(p.tokens), get(p.headWidth), get(p.keys), get(paddedBytes)),
          call(
            floatMatmul,
            ...[get(queries), get(rowBytes), get(p.tokens), get(p.headWidth)],
            ...[get(p.keys), get(paddedBytes), get(p.padded)],
            ...[get(p.scores), get(paddedBytes)],
          ),
          call(softmaxRows, get(p.scores), get(p.tokens), get(p.tokens), get(p.padded)),
          call(
            floatMatmul,
            ...[get(p.scores), get(paddedBytes), get(p.tokens), get(p.tokens)],
            ...[part(2), get(rowBytes), get(p.headWidth)],
            ...[get(p.out), get(partBytes)],
          ),
          advance(queries, get(headBytes)),
          advance(p.out, get(headBytes)),
          advance(headsLeft, -1),
        ),
      );
    },
  );
}

/** `transposeKeys`: rows per token become rows per dimension, so that the scores of eight tokens are adjacent. */
function defineTransposeKeys(assembler: Assembler): FunctionHandle {
  return assembler.define(
    'transposeKeys',
    { keys: 'i32', rowBytes: 'i32', tokens: 'i32', headWidth: 'i32', out: 'i32', outStride: 'i32' },
    (p, newLocal) => {
      const from = newLocal('i32');
      const to = newLocal('i32');
      const left = newLocal('i32');
      return repeatWhile(
        i32.lessThan(i32.const(0), get(p.tokens)),
        set(from, get(p.keys)),
        set(to, get(p.out)),
        set(left, get(p.headWidth)),
        repeatWhile(
          i32.lessThan(i32.const(0), get(left)),
          f32.store(get(to), f32.load(get(from))),
          advance(from, 4),
          advance(to, get(p.outStride)),
          advance(left, -1),
        ),
        advance(p.keys, get(p.rowBytes)),
        advance(p.out, 4),
        advance(p.tokens, -1),
      );
    },
  );
}

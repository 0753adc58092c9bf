import { instantiate, type KernelFunction, type WasmMemory } from '../local/encoder/kernel.ts';
import { advance, createAssembler, f64, get, i32, repeatWhile, set } from '../local/encoder/wasm-assembler.ts';
import { defineSelection, type SelectionKernel } from './value-selection.ts';

/** What the search by words does for each document, in WebAssembly. Addresses are in bytes. */
export type WordKernel = SelectionKernel & {
  /**
   * scores[d] += weights[kinds[d]] for each document d from `list` to `end` (not empty), with documents of 32 bits and kinds of
   * 16. Arguments: list, end, kinds, weights, scores.
   */
  readonly addByKind: KernelFunction;
};

export function createWordKernel(memory: WasmMemory): WordKernel {
  const assembler = createAssembler();
  defineSelection(assembler, 'f64');
  assembler.define(
    'addByKind',
    { list: 'i32', end: 'i32', kinds: 'i32', weights: 'i32', scores: 'i32' } as const,
    (p, newLocal) => {
      const document = newLocal('i32');
      const score = newLocal('i32');
      const kind = i32.load16(i32.add(get(p.kinds), i32.mul(get(document), i32.const(2))));
      const weight = f64.load(i32.add(get(p.weights), i32.mul(kind, i32.const(8))));
      return repeatWhile(
        i32.lessThan(get(p.list), get(p.end)),
        set(document, i32.load(get(p.list))),
        set(score, i32.add(get(p.scores), i32.mul(get(document), i32.const(8)))),
        f64.store(get(score), f64.add(f64.load(get(score)), weight)),
        advance(p.list, 4),
      );
    },
  );
  const { raiseMaxima, listFrom, addByKind } = instantiate(assembler.assemble(1), memory);
  if (raiseMaxima === undefined || listFrom === undefined || addByKind === undefined) {
    throw new Error('the kernel lacks a function');
  }
  return { raiseMaxima, listFrom, addByKind };
}

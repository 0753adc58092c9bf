import { instantiate, type KernelFunction, type WasmMemory } from '../local/encoder/kernel.ts';
import {
  type Assembler,
  advance,
  type Code,
  createAssembler,
  f64,
  f64x2,
  get,
  i32,
  type Local,
  type NewLocal,
  repeatWhile,
  set,
  v128,
} from '../local/encoder/wasm-assembler.ts';
import { defineSelection, type SelectionKernel } from './value-selection.ts';

/** What the search by words does for each document, in WebAssembly. Addresses are in bytes. */
export type WordKernel = SelectionKernel & {
  /**
   * weights[k] = weight / (plus + divisors[k]) for each kind; `divisors` to `end` is not empty, and as long as whole vectors.
   * Arguments: divisors, end, weight, plus, weights.
   */
  readonly weighKinds: KernelFunction;
  /**
   * scores[d] += weights[kinds[d]] for each document d from `list` to `end` (not empty), with documents of 32 bits and kinds of
   * 16. Arguments: list, end, kinds, weights, scores.
   */
  readonly addByKind: KernelFunction;
  /** The same in one, for few documents: scores[d] += weight / (plus + divisors[kinds[d]]). */
  readonly addQuotients: KernelFunction;
};

const VECTOR_BYTES = 16;
const INTEGER_BYTES = 4;
const SHORT_BYTES = 2;
const FLOAT_BYTES = 8;

export function createWordKernel(memory: WasmMemory): WordKernel {
  const assembler = createAssembler();
  defineSelection(assembler, 'f64');
  defineWeighKinds(assembler);
  defineAddByKind(assembler);
  defineAddQuotients(assembler);
  const exports = instantiate(assembler.assemble(1), memory);
  const named = (name: keyof WordKernel): KernelFunction => {
    const found = exports[name];
    if (found === undefined) throw new Error(`the kernel has no function "${name}"`);
    return found;
  };
  return {
    weighKinds: named('weighKinds'),
    addByKind: named('addByKind'),
    addQuotients: named('addQuotients'),
    raiseMaxima: named('raiseMaxima'),
    listFrom: named('listFrom'),
  };
}

function defineWeighKinds(assembler: Assembler): void {
  const parameters = { divisors: 'i32', end: 'i32', weight: 'f64', plus: 'f64', weights: 'i32' } as const;
  assembler.define('weighKinds', parameters, (p, newLocal) => {
    const weight = newLocal('v128');
    const plus = newLocal('v128');
    return [
      set(weight, f64x2.splat(get(p.weight))),
      set(plus, f64x2.splat(get(p.plus))),
      repeatWhile(
        i32.lessThan(get(p.divisors), get(p.end)),
        v128.store(get(p.weights), f64x2.div(get(weight), f64x2.add(get(plus), v128.load(get(p.divisors))))),
        advance(p.divisors, VECTOR_BYTES),
        advance(p.weights, VECTOR_BYTES),
      ),
    ];
  });
}

const listed = { list: 'i32', end: 'i32', kinds: 'i32', values: 'i32', scores: 'i32' } as const;

function defineAddByKind(assembler: Assembler): void {
  assembler.define('addByKind', listed, (p, newLocal) => addToEach(p, newLocal, (value) => value));
}

function defineAddQuotients(assembler: Assembler): void {
  const parameters = { ...listed, weight: 'f64', plus: 'f64' } as const;
  assembler.define('addQuotients', parameters, (p, newLocal) =>
    addToEach(p, newLocal, (divisor) => f64.div(get(p.weight), f64.add(get(p.plus), divisor))),
  );
}

/** Adds to the score of each document in the list what `addedFor` makes of the value of its kind. */
function addToEach(
  p: Readonly<Record<keyof typeof listed, Local>>,
  newLocal: NewLocal,
  addedFor: (value: Code) => Code,
): Code {
  const document = newLocal('i32');
  const score = newLocal('i32');
  const kind = i32.load16(i32.add(get(p.kinds), i32.mul(get(document), i32.const(SHORT_BYTES))));
  const value = f64.load(i32.add(get(p.values), i32.mul(kind, i32.const(FLOAT_BYTES))));
  return repeatWhile(
    i32.lessThan(get(p.list), get(p.end)),
    set(document, i32.load(get(p.list))),
    set(score, i32.add(get(p.scores), i32.mul(get(document), i32.const(FLOAT_BYTES)))),
    f64.store(get(score), f64.add(f64.load(get(score)), addedFor(value))),
    advance(p.list, INTEGER_BYTES),
  );
}

// Assembles the WebAssembly module of the kernel (a few kB, some milliseconds) and gives its functions their types. All
// pointers are byte offsets into the memory that is passed in.

import { defineAttention } from './kernel-attention.ts';
import { defineFloatMatmul, defineMatmul } from './kernel-matmul.ts';
import { defineNormaliseRows, defineQuantiseRows, defineSoftmaxRows } from './kernel-rows.ts';
import { defineAddSparseMatmul, defineListActive } from './kernel-sparse.ts';
import { createAssembler } from './wasm-assembler.ts';
import { useWideVectors } from './wide-vectors.ts';

export const PAGE_BYTES = 64 * 1024;

/** The order of the arguments is the one in the function's definition. */
export type KernelFunction = (...args: readonly number[]) => void;

export type Kernel = {
  /** activations, activationScales, rows, depth, panels, columnScales, bias, columns, out, output */
  readonly matmul: KernelFunction;
  /** values, rows, width, offsets, counts */
  readonly listActive: KernelFunction;
  /** values, offsets, counts, valueScales, rows, depth, blocks, columnScales, bias, columns, out */
  readonly addSparseMatmul: KernelFunction;
  /** values, rows, width, out, scales */
  readonly normaliseRows: KernelFunction;
  /** values, rows, width, out, scales */
  readonly quantiseRows: KernelFunction;
  /** queriesKeysValues, tokens, padded, headWidth, out, keys, scores */
  readonly attention: KernelFunction;
};

// The part of the global that is used here: TypeScript has types for it only in the library for browsers.
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, WasmMemory>>>>,
  ) => { readonly exports: Readonly<Record<string, KernelFunction>> };
};
export type WasmMemory = {
  /** Replaced, and detached, when the memory grows. */
  readonly buffer: ArrayBuffer;
  /** Adds pages of `PAGE_BYTES`. */
  grow(pages: number): number;
};

export function createMemory(bytes: number): WasmMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
}

export function assembleKernel(): Uint8Array<ArrayBuffer> {
  const assembler = createAssembler();
  defineMatmul(assembler);
  defineListActive(assembler);
  defineAddSparseMatmul(assembler);
  defineNormaliseRows(assembler);
  defineQuantiseRows(assembler);
  const floatMatmul = defineFloatMatmul(assembler);
  const softmaxRows = defineSoftmaxRows(assembler);
  defineAttention(assembler, { floatMatmul, softmaxRows });
  return assembler.assemble(1);
}

/** The functions of an assembled module by name, working on `memory`. */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  memory: WasmMemory,
): Readonly<Record<string, KernelFunction>> {
  useWideVectors();
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } }).exports;
}

export function createKernel(memory: WasmMemory): Kernel {
  const exports = instantiate(assembleKernel(), memory);
  const named = (name: string): KernelFunction => {
    const found = exports[name];
    if (!found) throw new Error(`The kernel has no function "${name}".`);
    return found;
  };
  return {
    matmul: named('matmul'),
    listActive: named('listActive'),
    addSparseMatmul: named('addSparseMatmul'),
    normaliseRows: named('normaliseRows'),
    quantiseRows: named('quantiseRows'),
    attention: named('attention'),
  };
}

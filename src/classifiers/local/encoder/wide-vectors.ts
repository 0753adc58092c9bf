import { setFlagsFromString } from 'node:v8';

// The versions of V8 with which this was measured and tested. Others might not know the flag and would complain.
const TESTED_V8 = /^14\./;

/**
 * Lets V8 join pairs of neighbouring 128-bit operations into one of 256 bits where the processor has AVX2: matrix products
 * take half the time, and give the same bits, as every lane is computed as before. The flag holds for the whole process.
 * Only functions with SIMD that store neighbouring vectors change, which are ours alone: PGlite and fetch have none.
 */
export function useWideVectors(): void {
  if (process.arch === 'x64' && TESTED_V8.test(process.versions.v8)) {
    setFlagsFromString('--experimental-wasm-revectorize');
  }
}

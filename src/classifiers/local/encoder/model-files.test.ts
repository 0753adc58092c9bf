import { afterAll, expect, test } from 'vitest';
import { SwitchboardError } from '../../../errors.ts';
import { openModelFiles } from './model-files.ts';

const files = openModelFiles();
afterAll(() => files.close());

test('a tensor that spans several files is read whole', () => {
  // 8 MB at an offset that is not a multiple of the files' 4 MB.
  const embeddings = new Float32Array(8002 * 256);
  files.readTensor('module/Embeddings_en', embeddings);
  let rowsOfZeros = 0;
  for (let row = 0; row < 8002; row += 1) {
    const values = embeddings.subarray(row * 256, (row + 1) * 256);
    if (values.every((value) => value === 0)) rowsOfZeros += 1;
    expect(values.every((value) => Math.abs(value) < 10)).toBe(true);
  }
  expect(rowsOfZeros).toBe(0);
});

test('a tensor that is missing, or of another size, is named in the error', () => {
  expect(() => files.readTensor('no/such', new Float32Array(1))).toThrow(SwitchboardError);
  expect(() => files.readTensor('no/such', new Float32Array(1))).toThrow(/"no\/such" has no values, expected 1/);
  expect(() => files.readTensor('module/Embeddings_en', new Float32Array(3))).toThrow(/2048512 values, expected 3/);
});

test('the vocabulary has every piece with a finite score', () => {
  expect(files.vocabulary).toHaveLength(8000);
  expect(files.vocabulary.every(([piece, score]) => piece.length > 0 && Number.isFinite(score))).toBe(true);
});

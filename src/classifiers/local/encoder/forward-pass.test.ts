import { describe, expect, test } from 'vitest';
import { createForwardPass } from './forward-pass.ts';
import { createTokenizer } from './tokenizer.ts';
import { loadEncoderModel, MAX_TOKENS } from './weights.ts';

const model = loadEncoderModel();
const tokenizer = createTokenizer(model.vocabulary);
const forwardPass = createForwardPass(model);

const TEXTS = [
  'Where is my refund?',
  'My card was declined at the shop, twice.',
  'x',
  'Please add my wife to the policy.',
];

describe('createForwardPass', () => {
  test('gives a text exactly the same vector, whatever other texts are in the pass', () => {
    const ids = TEXTS.map((text) => tokenizer.encode(text));
    const together = forwardPass.run(ids);
    expect(together).toEqual(ids.map((text) => forwardPass.run([text])[0]));
    expect(forwardPass.run([...ids].reverse())).toEqual(together.toReversed());
  });

  test('accepts texts of one token, as many as fit', () => {
    const [one] = forwardPass.run([[9]]);
    expect(forwardPass.run(Array.from({ length: MAX_TOKENS }, () => [9]))).toEqual(Array(MAX_TOKENS).fill(one));
  });

  test('refuses a text without tokens, and more tokens than it has room for', () => {
    expect(() => forwardPass.run([[9], []])).toThrow(RangeError);
    expect(() => forwardPass.run([Array(100).fill(9), Array(29).fill(9)])).toThrow(/not 129/);
  });

  // The sparse product is faster only while this is true; other weights may need the dense one.
  test('has mostly activations of zero in the feed-forward', () => {
    for (const text of TEXTS) {
      forwardPass.run([tokenizer.encode(text)]);
      expect(forwardPass.activeShare()).toBeGreaterThan(0);
      expect(forwardPass.activeShare()).toBeLessThan(0.2);
    }
  });
});

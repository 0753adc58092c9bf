import { expect, test } from 'vitest';
import { createRelease, type ReleaseContent } from './release.ts';

const content: ReleaseContent = {
  taxonomy: 't-1',
  rules: 'rules-1',
  prompt: 'prompt-1',
  engine: { kind: 'cascade', model: 'claude-haiku-5-5', retrieval: { k: 5, perIntent: 2 } },
  confidence: { targetPrecision: 0.95 },
  calibrations: { local: 'c-1', claude: 'c-2' },
};

test('the same content has the same id, in whatever order it is written', () => {
  const { calibrations, engine, ...rest } = content;
  const reordered = {
    calibrations: { claude: 'c-2', local: 'c-1' },
    engine: { retrieval: { perIntent: 2, k: 5 }, model: 'claude-haiku-5-5', kind: 'cascade' },
    ...rest,
  };
  expect(createRelease(reordered).id).toBe(createRelease(content).id);
});

test.each([
  ['the taxonomy', { taxonomy: 't-2' }],
  ['a rule', { rules: 'rules-2' }],
  ['the prompt', { prompt: null }],
  ['the model', { engine: { ...content.engine, model: 'another' } }],
  ['the target', { confidence: { targetPrecision: 0.9 } }],
  ['a calibration', { calibrations: { local: 'c-1' } }],
])('%s makes another release', (_, change) => {
  expect(createRelease({ ...content, ...change }).id).not.toBe(createRelease(content).id);
});

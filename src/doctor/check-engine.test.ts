import { expect, test } from 'vitest';
import type { EmbedderSettings } from '../classifiers/retrieval/settings.ts';
import { loadConfig } from '../config/load-config.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { checkEmbedder } from './check-engine.ts';

test('an embedder without its package or key is a failure, because the server would not start', async () => {
  await using folder = await temporaryFolder();
  const examine = async (embedder: EmbedderSettings, classifier: 'claude' | 'local' = 'claude') => {
    const env = { ANTHROPIC_API_KEY: 'test' };
    return checkEmbedder(await loadConfig({ cwd: folder.path, env, value: { classifier, retrieval: { embedder } } }));
  };
  expect(await examine({ type: 'transformers', model: 'x' })).toMatchObject([
    { check: 'embedder', status: 'failed', detail: expect.stringContaining('npm install @huggingface/transformers@3') },
  ]);
  expect(await examine({ type: 'voyage', model: 'voyage-4' })).toMatchObject([
    { check: 'embedder', status: 'failed', detail: expect.stringContaining('VOYAGE_API_KEY is not set') },
  ]);
  expect(await examine({ type: 'voyage', model: 'voyage-4' }, 'local')).toEqual([]);
  expect(await examine('embedded')).toEqual([]);
});

import { join } from 'node:path';
import { removeModelFiles } from '../classifiers/local/model-file.ts';
import { keepVectors } from '../classifiers/local/vector-cache.ts';
import { removeVectorFiles } from '../classifiers/retrieval/scan-index/vector-file.ts';

/** Removes the files in the data folder that engines made from their examples. The next start makes them again. */
export async function removeEngineCaches(dataDir: string): Promise<void> {
  const models = join(dataDir, 'models');
  await removeModelFiles(models, { exceptKey: null });
  await keepVectors(models, null, new Set());
  await removeVectorFiles({ folder: join(dataDir, 'embeddings'), exceptEmbedder: null });
}

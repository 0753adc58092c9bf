import { join } from 'node:path';
import { removeModelFiles } from '../classifiers/local/model-file.ts';
import { keepVectors } from '../classifiers/local/vector-cache.ts';
import { removeVectorFiles } from '../classifiers/retrieval/scan-index/vector-file.ts';

/** Removes what engines keep in the data folder of the examples that they learned; the next start makes it anew. */
export async function removeEngineCaches(dataDir: string): Promise<void> {
  const models = join(dataDir, 'models');
  await removeModelFiles(models, { exceptKey: null });
  await keepVectors(models, null, new Set());
  await removeVectorFiles({ folder: join(dataDir, 'embeddings'), exceptEmbedder: null });
}

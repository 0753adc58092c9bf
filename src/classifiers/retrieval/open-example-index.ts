import { join } from 'node:path';
import { createEmbedder, type EmbedderOptions } from './create-embedder.ts';
import type { Embedder } from './embedder.ts';
import type { Example, ExampleIndex } from './example-index.ts';
import { createScanIndex } from './scan-index/create-scan-index.ts';

/**
 * Opens the index that scans all examples, with the configured embedder. For `embedded` and `none` that is the embedded
 * engine's own index; for other embedders it is one with its vectors in `dataDir/embeddings`.
 */
export async function openExampleIndex(
  options: Omit<EmbedderOptions, 'embedded'> & {
    readonly local: { readonly index: ExampleIndex; readonly embedder: Embedder | null };
    readonly examples: readonly Example[];
    readonly dataDir: string;
    /** Called when texts could not be embedded; they can still be found by their words. */
    readonly onError?: (error: unknown) => void;
  },
): Promise<ExampleIndex> {
  const { settings, local, examples, dataDir, onProgress, onError } = options;
  if (typeof settings === 'string') return local.index;
  const embedder = await createEmbedder({ ...options, embedded: local.embedder });
  if (embedder === null) return local.index;
  return createScanIndex({
    examples,
    embedder,
    cacheDir: join(dataDir, 'embeddings'),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onError === undefined ? {} : { onError }),
  });
}

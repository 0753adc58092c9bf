import type { Embedder } from './embedder.ts';
import type { ExampleSearch } from './example-index.ts';

/** Embeds a query. Null when the embedder fails or cannot read the text: the search then uses words alone. */
export async function embedQueryOrNull(options: {
  embedder: Embedder | null;
  search: ExampleSearch;
  onError?: ((error: unknown) => void) | undefined;
}): Promise<Float32Array | null> {
  const { embedder, search, onError } = options;
  if (embedder === null || search.text.trim() === '') return null;
  const { text, ticket, language, signal } = search;
  try {
    const query = {
      text,
      ...(ticket === undefined ? {} : { ticket }),
      ...(language === undefined ? {} : { language }),
    };
    return await embedder.embedQuery(query, signal);
  } catch (error) {
    if (signal?.aborted) throw error;
    onError?.(error);
    return null;
  }
}

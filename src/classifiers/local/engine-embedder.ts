import { type Embedder, type TextToEmbed, toUnitVector } from '../retrieval/embedder.ts';
import type { EngineClient } from './engine-client.ts';

const DIMENSIONS = 512;
/** Encoding blocks the engine; this many short texts take about 100 ms. */
const BATCH_SIZE = 32;

/** Makes an embedder of the sentence encoder in the engine's worker, which reads English. Null without an encoder. */
export function createEngineEmbedder(options: { client: EngineClient; encoderId: string | null }): Embedder | null {
  const { client, encoderId } = options;
  if (encoderId === null) return null;
  const encode = async (texts: readonly TextToEmbed[], signal?: AbortSignal) => {
    const input = texts.map(({ text, ticket, language = ticket?.language }) => ({
      text,
      ...(language === undefined ? {} : { language }),
    }));
    const vectors = await client.call('encode', { texts: input }, signal);
    return vectors.map((vector) => (vector === null ? null : toUnitVector(vector)));
  };
  return {
    id: `embedded:${encoderId}`,
    dimensions: DIMENSIONS,
    batchSize: BATCH_SIZE,
    async embedDocuments(texts, signal) {
      const vectors: (Float32Array | null)[] = [];
      for (let start = 0; start < texts.length; start += BATCH_SIZE) {
        vectors.push(...(await encode(texts.slice(start, start + BATCH_SIZE), signal)));
      }
      return vectors;
    },
    embedQuery: async (text, signal) => (await encode([text], signal))[0] ?? null,
  };
}

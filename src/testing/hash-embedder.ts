import { hashWord, tokenise } from '../classifiers/local/text-features.ts';
import { type Embedder, type TextToEmbed, toUnitVector } from '../classifiers/retrieval/embedder.ts';

/** Embeds a text by its words, each at a position given by its hash: good enough for tests, and always the same. */
export function hashEmbedder({
  id = 'hash',
  dimensions = 64,
  batchSize = 16,
  reads = () => true,
}: {
  id?: string;
  dimensions?: number;
  batchSize?: number;
  /** Whether it can read a language; all when left out. */
  reads?: (language: string | null) => boolean;
} = {}): Embedder {
  const embed = ({ text, ticket, language = ticket?.language ?? null }: TextToEmbed) => {
    if (!reads(language)) return null;
    const values = new Float32Array(dimensions);
    for (const { word } of tokenise(text)) values[hashWord(word) % dimensions]! += 1;
    return toUnitVector(values);
  };
  return {
    id,
    dimensions,
    batchSize,
    embedDocuments: async (texts) => texts.map(embed),
    embedQuery: async (text) => embed(text),
  };
}

import { createEncoder, type Encoder } from '../../src/classifiers/local/encoder/encoder.ts';
import { prepareExample } from '../../src/classifiers/local/example-set.ts';
import { encodeAll } from '../../src/classifiers/local/read-texts.ts';
import { isReadable } from '../../src/classifiers/local/training-data.ts';
import { ExactScan } from '../../src/classifiers/retrieval/exact-scan.ts';
import type { Example, ExampleIndex } from '../../src/classifiers/retrieval/example-index.ts';
import { primaryLanguage } from '../../src/ticket/ticket-language.ts';

let encoder: Encoder | null = null;

function encode(text: string, language: string | null): Float32Array | null {
  if (!isReadable(primaryLanguage(language))) return null;
  encoder ??= createEncoder();
  return encodeAll(encoder, [text])[0]?.sentence ?? null;
}

/** The index of the embedded engine in this thread and without its training: the same scan, encoder and languages. */
export function scanInProcess(examples: readonly Example[]): ExampleIndex {
  const scan = new ExactScan();
  const byId = new Map(examples.map((example) => [example.id, example]));
  for (const example of examples) {
    const prepared = prepareExample(example);
    scan.put(prepared);
    const vector = encode(prepared.text, prepared.language);
    if (vector !== null) scan.setEmbedding(example.id, vector);
  }
  return {
    version: 'benchmark',
    async search({ text, language = null, excludeIds = new Set(), ...search }) {
      const embedding = encode(text, language);
      const { found, neighbours } = scan.search({ ...search, text, language, embedding, excludeIds });
      return {
        found: found.flatMap(({ id, similarity }) => {
          const example = byId.get(id);
          return example === undefined ? [] : [{ example, similarity }];
        }),
        neighbours,
        byMeaning: embedding !== null,
      };
    },
    upsert: async () => undefined,
    remove: async () => undefined,
  };
}

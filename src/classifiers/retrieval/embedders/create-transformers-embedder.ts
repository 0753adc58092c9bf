import { createRequire } from 'node:module';
import { z } from 'zod';
import { versionOf } from '../../../base/hash.ts';
import type { OnProgress } from '../../../base/progress.ts';
import { ConfigurationError } from '../../../errors.ts';
import { boundEmbeddedText, type Embedder, EmbedderError, type TextToEmbed, toUnitVector } from '../embedder.ts';
import type { Pooling } from '../settings.ts';

/** What `pipeline('feature-extraction', model)` of Transformers.js gives: one row of numbers for each text. */
export type FeatureExtractor = (
  texts: string[],
  options: { pooling: Pooling; normalize: boolean },
) => Promise<{ readonly dims: readonly number[]; readonly data: ArrayLike<number> }>;

export type LoadExtractor = (options: { model: string; onProgress?: OnProgress }) => Promise<FeatureExtractor>;

export type TransformersEmbedderOptions = {
  /** A model of the hub with ONNX weights, for example `Xenova/all-MiniLM-L6-v2`. */
  readonly model: string;
  /** How the model's card says that the vectors of the tokens are joined; `mean` when left out. */
  readonly pooling?: Pooling;
  /** Words that the model's card wants before a text that is searched with, for example `query: `. */
  readonly queryPrefix?: string;
  /** The same for a text that is found, for example `passage: `. */
  readonly documentPrefix?: string;
  readonly onProgress?: OnProgress;
  readonly load?: LoadExtractor;
};

const PACKAGE = '@huggingface/transformers';
const INSTALL = `npm install ${PACKAGE}@3`;
const BATCH_SIZE = 16;

/**
 * Embeds on this machine with any model of the hub that Transformers.js runs. Loads the model, which is fetched at its
 * first use, and asks it for the width of its vectors. Throws ConfigurationError when the package is not installed,
 * EmbedderError when the model cannot be loaded.
 */
export async function createTransformersEmbedder(options: TransformersEmbedderOptions): Promise<Embedder> {
  const { model, pooling = 'mean', queryPrefix = '', documentPrefix = '', onProgress, load = loadExtractor } = options;
  const extract = await load({ model, ...(onProgress === undefined ? {} : { onProgress }) });

  const embed = async (texts: readonly string[], signal?: AbortSignal): Promise<(Float32Array | null)[]> => {
    if (signal?.aborted) throw failure(model, 'was told to stop before it answered', true, signal.reason);
    const { dims, data } = await extract([...texts], { pooling, normalize: true }).catch((error: unknown) => {
      throw failure(model, 'could not read a text', false, error);
    });
    const width = dims.at(-1) ?? 0;
    if (dims.length !== 2 || dims[0] !== texts.length || width < 1 || data.length !== texts.length * width) {
      throw failure(
        model,
        `gave numbers of the shape [${dims.join(', ')}] and not one vector for each of ${texts.length} texts; it may not be a model for embeddings`,
        false,
      );
    }
    return texts.map((_, row) => toUnitVector(Array.prototype.slice.call(data, row * width, (row + 1) * width)));
  };

  const dimensions = (await embed(['width']))[0]?.length;
  if (dimensions === undefined) throw failure(model, 'gave a vector of zeros', false);
  const prepare = (prefix: string, { text }: TextToEmbed) => prefix + boundEmbeddedText(text);
  const prefixes = queryPrefix + documentPrefix === '' ? '' : `:${shortHash([queryPrefix, documentPrefix])}`;
  return {
    id: `transformers:${model}:${pooling}:${dimensions}${prefixes}`,
    dimensions,
    batchSize: BATCH_SIZE,
    async embedDocuments(texts, signal) {
      const vectors: (Float32Array | null)[] = [];
      for (let start = 0; start < texts.length; start += BATCH_SIZE) {
        const batch = texts.slice(start, start + BATCH_SIZE).map((text) => prepare(documentPrefix, text));
        vectors.push(...(await embed(batch, signal)));
      }
      return vectors;
    },
    embedQuery: async (text, signal) => (await embed([prepare(queryPrefix, text)], signal))[0] ?? null,
  };
}

const shortHash = (value: unknown) => versionOf(value, 8);

function failure(model: string, what: string, retryable: boolean, cause?: unknown): EmbedderError {
  return new EmbedderError({ embedder: 'transformers', retryable, message: `The model ${model} ${what}.`, cause });
}

type Pipeline = (task: string, model: string, options: { progress_callback(event: unknown): void }) => Promise<unknown>;
const moduleSchema = z.object({ pipeline: z.custom<Pipeline>((value) => typeof value === 'function') });
const downloadSchema = z.object({ status: z.literal('progress'), loaded: z.number(), total: z.number() });

/** Loads the optional package: a variable for its name keeps the compiler from asking for its types. */
async function loadExtractor(options: { model: string; onProgress?: OnProgress }): Promise<FeatureExtractor> {
  const { model, onProgress } = options;
  assertTransformersInstalled();
  const specifier: string = PACKAGE;
  const loaded: unknown = await import(specifier).catch((error: unknown) => {
    throw failure(model, `could not be loaded: ${PACKAGE} does not start`, false, error);
  });
  const { pipeline } = moduleSchema.parse(loaded);
  onProgress?.({ step: `loading ${model}`, done: 0, total: null });
  const onDownload = (event: unknown) => {
    const { data } = downloadSchema.safeParse(event);
    if (data) onProgress?.({ step: `fetching ${model}`, done: data.loaded, total: data.total });
  };
  try {
    // Transformers.js gives a callable object of this shape for the task; every answer's shape is checked above.
    return (await pipeline('feature-extraction', model, { progress_callback: onDownload })) as FeatureExtractor;
  } catch (error) {
    throw failure(model, `could not be loaded. Check its name on the hub and the network`, true, error);
  }
}

/** Throws ConfigurationError with the command that installs the package. */
export function assertTransformersInstalled(): void {
  try {
    createRequire(import.meta.url).resolve(PACKAGE);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') throw missingPackage();
  }
}

function missingPackage(): ConfigurationError {
  return new ConfigurationError([
    {
      file: 'switchboard.yaml',
      line: null,
      message: `retrieval.embedder is of the type transformers, and the package ${PACKAGE} is not installed`,
      cure: `Run: ${INSTALL}. Or choose the embedder "embedded", which needs nothing.`,
    },
  ]);
}

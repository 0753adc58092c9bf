import { createRequire } from 'node:module';
import { z } from 'zod';
import { versionOf } from '../../../base/hash.ts';
import { count } from '../../../base/plural.ts';
import type { OnProgress } from '../../../base/progress.ts';
import { ConfigurationError } from '../../../errors.ts';
import { boundEmbeddedText, type Embedder, EmbedderError, type TextToEmbed, toUnitVector } from '../embedder.ts';
import type { Pooling } from '../settings.ts';

/**
 * The function that `pipeline('feature-extraction', model)` of Transformers.js returns: one row of numbers per text.
 */
export type FeatureExtractor = (
  texts: string[],
  options: { pooling: Pooling; normalize: boolean },
) => Promise<{ readonly dims: readonly number[]; readonly data: ArrayLike<number> }>;

export type LoadExtractor = (options: { model: string; onProgress?: OnProgress }) => Promise<FeatureExtractor>;

export type TransformersEmbedderOptions = {
  /** A model of the hub with ONNX weights, for example `Xenova/all-MiniLM-L6-v2`. */
  readonly model: string;
  /** How the vectors of the tokens are joined, as the model's card says; `mean` when left out. */
  readonly pooling?: Pooling;
  /** Prefix that the model's card asks for before the text of a search, for example `query: `. */
  readonly queryPrefix?: string;
  /** The same for a text to be found, for example `passage: `. */
  readonly documentPrefix?: string;
  readonly onProgress?: OnProgress;
  readonly load?: LoadExtractor;
};

const PACKAGE = '@huggingface/transformers';
const INSTALL = `npm install ${PACKAGE}@3`;
const BATCH_SIZE = 16;

/**
 * Creates an embedder that runs any model of the hub on this machine by Transformers.js. Loads the model (downloaded at
 * its first use) and embeds one word to find out the width of its vectors. Throws `ConfigurationError` when the package
 * is not installed and `EmbedderError` when the model cannot be loaded.
 */
export async function createTransformersEmbedder(options: TransformersEmbedderOptions): Promise<Embedder> {
  const { model, pooling = 'mean', queryPrefix = '', documentPrefix = '', onProgress, load = loadExtractor } = options;
  const extract = await load({ model, ...(onProgress === undefined ? {} : { onProgress }) });

  const embed = async (texts: readonly string[], signal?: AbortSignal): Promise<(Float32Array | null)[]> => {
    if (signal?.aborted) throw failure(model, 'was not called, because the work was cancelled', true, signal.reason);
    const { dims, data } = await extract([...texts], { pooling, normalize: true }).catch((error: unknown) => {
      throw failure(model, 'failed to embed a text', false, error);
    });
    const width = dims.at(-1) ?? 0;
    if (dims.length !== 2 || dims[0] !== texts.length || width < 1 || data.length !== texts.length * width) {
      throw failure(
        model,
        `returned numbers of the shape [${dims.join(', ')}] for ${count(texts.length, 'text')} instead of one vector for each text; it may not be an embedding model`,
        false,
      );
    }
    return texts.map((_, row) => toUnitVector(Array.prototype.slice.call(data, row * width, (row + 1) * width)));
  };

  const dimensions = (await embed(['width']))[0]?.length;
  if (dimensions === undefined)
    throw failure(model, 'returned a vector of zeros; it may not be an embedding model', false);
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

/** Loads the optional package. Its name is in a variable, because the compiler would look for its types otherwise. */
async function loadExtractor(options: { model: string; onProgress?: OnProgress }): Promise<FeatureExtractor> {
  const { model, onProgress } = options;
  assertTransformersInstalled();
  const specifier: string = PACKAGE;
  const loaded: unknown = await import(specifier).catch((error: unknown) => {
    throw failure(model, `could not be loaded: the package ${PACKAGE} failed to start`, false, error);
  });
  const { pipeline } = moduleSchema.parse(loaded);
  onProgress?.({ step: `loading ${model}`, done: 0, total: null });
  const onDownload = (event: unknown) => {
    const { data } = downloadSchema.safeParse(event);
    if (data) onProgress?.({ step: `fetching ${model}`, done: data.loaded, total: data.total });
  };
  try {
    // Transformers.js returns a callable object of this type for the task; the shape of every result is checked above.
    return (await pipeline('feature-extraction', model, { progress_callback: onDownload })) as FeatureExtractor;
  } catch (error) {
    throw failure(model, `could not be loaded. Check its name on the hub and the network`, true, error);
  }
}

/** Throws ConfigurationError with the command that installs the package. */
export function assertTransformersInstalled(): void {
  if (!isInstalled()) throw missingPackage();
}

/** What is wrong where the package is not installed; null where it is. */
export function findMissingPackage(): { readonly message: string; readonly cure: string } | null {
  return isInstalled() ? null : notInstalled;
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(PACKAGE);
    return true;
  } catch (error) {
    // Another error says that something is wrong with the package; loading it says what.
    return !(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND');
  }
}

const notInstalled = {
  message: `retrieval.embedder is of the type transformers, and the package ${PACKAGE} is not installed`,
  cure: `Run, in the folder of Switchboard: ${INSTALL}. Or choose the embedder "embedded", which needs nothing.`,
};

function missingPackage(): ConfigurationError {
  return new ConfigurationError([{ file: 'switchboard.yaml', line: null, ...notInstalled }]);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { VoyageAIClient } from 'voyageai';
import { z } from 'zod';
import { raceSignal, startDeadline } from '../../../base/deadline.ts';
import { ConfigurationError } from '../../../errors.ts';
import type { redact } from '../../../ticket/redact-ticket.ts';
import { boundEmbeddedText, type Embedder, EmbedderError, type TextToEmbed, toUnitVector } from '../embedder.ts';
import { voyageCostUsd } from './voyage-prices.ts';

export type VoyageEmbedderOptions = {
  readonly apiKey: string;
  /** For example `voyage-4`. */
  readonly model: string;
  /** Width of the vectors; 1024 when left out, which is the default of all models of the family voyage-4. */
  readonly dimensions?: number;
  /** Takes out what identifies people before a text leaves. Null sends texts as they are. */
  readonly redact: typeof redact | null;
  /** Another address than Voyage's own. */
  readonly baseUrl?: string;
  /** Time for the vector of one search, retries included; then the search goes by words. */
  readonly queryDeadlineMs?: number;
  /** Time for one batch of examples, retries included. */
  readonly documentsDeadlineMs?: number;
  /** First wait before asking again; it doubles. */
  readonly retryDelayMs?: number;
};

/** What has been asked of Voyage so far. `costUsd` is null for a model whose price is not known. */
export type VoyageUsage = { readonly requests: number; readonly tokens: number; readonly costUsd: number | null };

export type VoyageEmbedder = Embedder & { usage(): VoyageUsage };

const DEFAULT_DIMENSIONS = 1_024;
/** Texts of a request: the bound that the client documents. */
const MAX_TEXTS = 128;
/** UTF-16 code units of a request: below 120,000 tokens (the least of all models) even at a token a character. */
const MAX_REQUEST_LENGTH = 100_000;
const MAX_ATTEMPTS = 4;
/** A longer `retry-after` is not waited for. */
const MAX_RETRY_AFTER_MS = 20_000;

/** Runs inside the process and fetches its weights: that is the way of `transformers`. */
const LOCAL_MODEL = 'voyage-4-nano';

/**
 * Embeds with Voyage's API. What leaves is redacted text and nothing else of a ticket. The client is loaded with the
 * first call. Throws ConfigurationError for a model that the API does not serve.
 */
export function createVoyageEmbedder(options: VoyageEmbedderOptions): VoyageEmbedder {
  const { model, dimensions = DEFAULT_DIMENSIONS, queryDeadlineMs = 2_500, documentsDeadlineMs = 90_000 } = options;
  if (model === LOCAL_MODEL) throw localModelProblem();
  const spent = { requests: 0, tokens: 0 };
  let loading: Promise<VoyageAIClient> | null = null;
  const client = () => {
    loading ??= import('voyageai').then(
      ({ VoyageAIClient: Client }) =>
        new Client({
          apiKey: options.apiKey,
          maxRetries: 0, // asked again below, within the deadline
          ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
        }),
    );
    return loading;
  };

  const embedOnce = async (input: readonly string[], inputType: InputType, signal: AbortSignal) => {
    spent.requests++;
    const request = { input: [...input], model, inputType, outputDimension: dimensions, truncation: true };
    const work = (await client()).embed(request, { abortSignal: signal });
    const reply = await raceSignal({ work: Promise.resolve(work), signal });
    const { vectors, tokens } = readReply(reply, { count: input.length, dimensions, model });
    spent.tokens += tokens;
    return vectors;
  };

  const embed = async (input: readonly string[], inputType: InputType, signal: AbortSignal) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await embedOnce(input, inputType, signal);
      } catch (error) {
        const failure = explain(error, signal);
        if (!failure.retryable || signal.aborted || attempt === MAX_ATTEMPTS) throw failure;
        const waitMs = retryAfterMs(error) ?? (options.retryDelayMs ?? 500) * 2 ** (attempt - 1);
        if (waitMs > MAX_RETRY_AFTER_MS) throw failure;
        await sleep(waitMs, undefined, { signal }).catch(() => {
          throw failure;
        });
      }
    }
  };

  const prepare = ({ text, ticket }: TextToEmbed) => {
    const bounded = boundEmbeddedText(text);
    if (options.redact === null) return bounded;
    // Only what tells people and countries: the text itself is given apart.
    const { body: _body, subject: _subject, ...facts } = ticket ?? { id: 'text' };
    return options.redact({ ticket: facts, texts: [bounded] }).texts[0] ?? '';
  };

  return {
    id: `voyage:${model}:${dimensions}`,
    dimensions,
    batchSize: MAX_TEXTS,
    async embedDocuments(texts, signal) {
      const vectors: (Float32Array | null)[] = texts.map(() => null);
      const readable = texts.map(prepare).flatMap((text, place) => (text.trim() === '' ? [] : [{ text, place }]));
      for (const batch of inRequests(readable)) {
        using deadline = startDeadline({ timeoutMs: documentsDeadlineMs, signal });
        const found = await embed(
          batch.map(({ text }) => text),
          'document',
          deadline.signal,
        );
        batch.forEach(({ place }, i) => {
          vectors[place] = found[i] ?? null;
        });
      }
      return vectors;
    },
    async embedQuery(query, signal) {
      const text = prepare(query);
      if (text.trim() === '') return null;
      using deadline = startDeadline({ timeoutMs: queryDeadlineMs, signal });
      const [vector = null] = await embed([text], 'query', deadline.signal);
      return vector;
    },
    usage: () => ({ ...spent, costUsd: voyageCostUsd(model, spent.tokens) }),
  };
}

type InputType = 'query' | 'document';

function* inRequests<T extends { readonly text: string }>(texts: readonly T[]): Iterable<T[]> {
  let batch: T[] = [];
  let length = 0;
  for (const item of texts) {
    if (batch.length === MAX_TEXTS || (batch.length > 0 && length + item.text.length > MAX_REQUEST_LENGTH)) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(item);
    length += item.text.length;
  }
  if (batch.length > 0) yield batch;
}

const replySchema = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()), index: z.number().int() })),
  usage: z.object({ totalTokens: z.number().nonnegative() }).optional(),
});

function readReply(
  reply: unknown,
  { count, dimensions, model }: { count: number; dimensions: number; model: string },
): { vectors: (Float32Array | null)[]; tokens: number } {
  const parsed = replySchema.safeParse(reply);
  const byIndex = new Map(parsed.data?.data.map(({ index, embedding }) => [index, embedding]));
  const embeddings = Array.from({ length: count }, (_, i) => byIndex.get(i));
  if (!parsed.success || byIndex.size !== count || embeddings.includes(undefined)) {
    throw failure({ retryable: true, message: `Voyage did not answer with one vector for each of ${count} texts.` });
  }
  const other = embeddings.find((embedding) => embedding?.length !== dimensions);
  if (other !== undefined) {
    throw failure({
      retryable: false,
      message: `${model} gives vectors of ${other.length} numbers, and ${dimensions} were asked for. Set dimensions: ${other.length} in retrieval.embedder.`,
    });
  }
  return {
    vectors: embeddings.map((embedding) => toUnitVector(embedding ?? [])),
    tokens: parsed.data.usage?.totalTokens ?? 0,
  };
}

function failure(options: { status?: number; retryable: boolean; message: string; cause?: unknown }): EmbedderError {
  return new EmbedderError({ embedder: 'voyage', ...options });
}

const statusSchema = z.object({ statusCode: z.number() });

/** The client's errors carry the request's text in places: none of it is kept. */
function explain(error: unknown, signal: AbortSignal): EmbedderError {
  if (error instanceof EmbedderError) return error;
  if (signal.aborted) return failure({ retryable: true, message: 'Voyage did not answer in time.' });
  const status = statusSchema.safeParse(error).data?.statusCode;
  if (status === undefined) {
    return failure({ retryable: true, message: 'Voyage could not be reached. Check the network.' });
  }
  const retryable = status === 408 || status === 429 || status >= 500;
  return failure({ status, retryable, message: `Voyage answered ${status}${cureFor(status)}.` });
}

function cureFor(status: number): string {
  if (status === 401 || status === 403) return ': it refused the key. Check VOYAGE_API_KEY';
  if (status === 429) return ': too many requests for this account';
  if (status === 400 || status === 404 || status === 422) {
    return ': it refused the request. Check model and dimensions in retrieval.embedder';
  }
  return '';
}

const retryAfterSchema = z.object({ rawResponse: z.object({ headers: z.instanceof(Headers) }) });

function retryAfterMs(error: unknown): number | null {
  const header = retryAfterSchema.safeParse(error).data?.rawResponse.headers.get('retry-after');
  const seconds = header === null || header === undefined ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

function localModelProblem(): ConfigurationError {
  return new ConfigurationError([
    {
      file: 'switchboard.yaml',
      line: null,
      message: `retrieval.embedder: ${LOCAL_MODEL} is not a model of Voyage's API; it runs on this machine`,
      cure: 'Write { type: transformers, model: voyageai/voyage-4-nano }, or choose voyage-4, voyage-4-lite or voyage-4-large.',
    },
  ]);
}

import type { VoyageAIClient } from 'voyageai';
import { z } from 'zod';
import { startDeadline } from '../../../base/deadline.ts';
import { ConfigurationError } from '../../../errors.ts';
import { noUsage } from '../../classifier.ts';
import type { RedactInTurns } from '../../claude/build-request.ts';
import { estimateTokens } from '../../claude/estimate-tokens.ts';
import type { ModelPrice } from '../../claude/settings.ts';
import { callModel, patientRetries, type Reading, type RetryPolicy } from '../../model-api/call-model.ts';
import type { ModelAccount } from '../../model-api/model-account.ts';
import { type FailureKind, type ModelFailure, modelFailure } from '../../model-api/model-failure.ts';
import { readRetryAfter } from '../../model-api/retry-after.ts';
import { type Embedder, EmbedderError, embeddedParts, type TextToEmbed, toUnitVector } from '../embedder.ts';
import { voyageCostUsd } from './voyage-prices.ts';

export type VoyageEmbedderOptions = {
  readonly apiKey: string;
  /** For example `voyage-4`. */
  readonly model: string;
  /** Width of the vectors; 1024 when left out, the default of all voyage-4 models. */
  readonly dimensions?: number;
  /** Redacts what identifies people before a text is sent. Null sends texts unredacted. */
  readonly redact: RedactInTurns | null;
  /** Limiter, circuit breakers and budget. */
  readonly account: ModelAccount;
  /** `claude.prices`, by model id; they override the built-in table. */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
  /** Address of the API; Voyage's own when left out. */
  readonly baseUrl?: string;
  /** Time for the vector of one search, retries included; after it the search uses words alone. 2.5 s when left out. */
  readonly queryDeadlineMs?: number;
  /** Time for one request with examples, retries included. 90 s when left out. */
  readonly documentsDeadlineMs?: number;
};

const DEFAULT_DIMENSIONS = 1_024;
/** Texts in one request: the limit in the documentation of the client. */
const MAX_TEXTS = 128;
/** UTF-16 code units in one request: below 120,000 tokens, the lowest limit of any model, even at a token per unit. */
const MAX_REQUEST_LENGTH = 100_000;
/** Also for a search: its short deadline ends the attempts, and it then uses words alone. */
const retries: RetryPolicy = patientRetries;

/** Not served by the API. It runs on this machine with the embedder `transformers`. */
const LOCAL_MODEL = 'voyage-4-nano';

/**
 * Creates an embedder that uses Voyage's API. Of a ticket only the redacted text is sent. The client is loaded with the
 * first call. Throws `ConfigurationError` for a model that the API does not serve, and for a model without a known
 * price when there is a daily budget.
 */
export function createVoyageEmbedder(options: VoyageEmbedderOptions): Embedder {
  const { model, account, dimensions = DEFAULT_DIMENSIONS } = options;
  const { queryDeadlineMs = 2_500, documentsDeadlineMs = 90_000 } = options;
  if (model === LOCAL_MODEL) throw localModelProblem();
  const costUsd = (tokens: number) => voyageCostUsd({ model, tokens, prices: options.prices });
  if (account.ledger.limitUsd !== null && costUsd(0) === null) throw unknownPriceProblem(model);
  account.watch.expect(model);
  let loading: Promise<VoyageAIClient> | null = null;
  const client = () => {
    loading ??= import('voyageai').then(
      ({ VoyageAIClient: Client }) =>
        new Client({
          apiKey: options.apiKey,
          maxRetries: 0, // callModel retries, within the deadline
          ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
        }),
    );
    return loading;
  };

  const embed = async (call: {
    input: readonly string[];
    inputType: InputType;
    timeoutMs: number;
    signal: AbortSignal | undefined;
  }): Promise<readonly (Float32Array | null)[]> => {
    const { input, inputType } = call;
    using deadline = startDeadline(call);
    const request = { input: [...input], model, inputType, outputDimension: dimensions, truncation: true };
    const result = await callModel<unknown, (Float32Array | null)[]>({
      account,
      model,
      purpose: 'embed',
      estimatedUsd: costUsd(input.reduce((sum, text) => sum + estimateTokens(text), 0)) ?? 0,
      deadline,
      retries,
      send: async ({ signal }) => (await client()).embed(request, { abortSignal: signal }),
      measure: (reply) => {
        const tokens = usageSchema.safeParse(reply).data?.usage.totalTokens ?? 0;
        return { usage: { ...noUsage, inputTokens: tokens }, costUsd: costUsd(tokens) ?? 0 };
      },
      read: (reply) => readVectors(reply, { count: input.length, dimensions, model }),
      explain: explainVoyageError,
    });
    if (result.ok) return result.answer;
    throw embedderError(result.failure);
  };

  const prepare = async ({ text, ticket }: TextToEmbed): Promise<string> => {
    const parts = embeddedParts(text);
    if (options.redact === null) return parts.join('\n');
    // Redaction needs only the facts about people and language here; the text is passed in `texts`.
    const { body: _body, subject: _subject, ...facts } = ticket ?? { id: 'text' };
    const { texts } = await options.redact({ ticket: facts, texts: parts });
    return texts.length === 1 ? (texts[0] ?? '') : texts.map(trimCut).join('\n');
  };

  return {
    id: `voyage:${model}:${dimensions}`,
    dimensions,
    batchSize: MAX_TEXTS,
    async embedDocuments(texts, signal) {
      const vectors: (Float32Array | null)[] = texts.map(() => null);
      const readable: { readonly text: string; readonly place: number }[] = [];
      for (const [place, item] of texts.entries()) {
        const text = await prepare(item);
        if (text.trim() !== '') readable.push({ text, place });
      }
      for (const batch of inRequests(readable)) {
        const input = batch.map(({ text }) => text);
        const found = await embed({ input, inputType: 'document', timeoutMs: documentsDeadlineMs, signal });
        batch.forEach(({ place }, i) => {
          vectors[place] = found[i] ?? null;
        });
      }
      return vectors;
    },
    async embedQuery(query, signal) {
      const text = await prepare(query);
      if (text.trim() === '') return null;
      const [vector] = await embed({ input: [text], inputType: 'query', timeoutMs: queryDeadlineMs, signal });
      return vector ?? null;
    },
  };
}

/** Characters removed next to a cut: it may have halved an address, which redaction then did not recognise. */
const TRIMMED_AT_CUT = 80;

function trimCut(text: string, part: number): string {
  return part === 0 ? text.slice(0, -TRIMMED_AT_CUT) : text.slice(TRIMMED_AT_CUT);
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
});
const usageSchema = z.object({ usage: z.object({ totalTokens: z.number().int().nonnegative() }) });

function readVectors(
  reply: unknown,
  { count, dimensions, model }: { count: number; dimensions: number; model: string },
): Reading<(Float32Array | null)[]> {
  const parsed = replySchema.safeParse(reply);
  const byIndex = new Map(parsed.data?.data.map(({ index, embedding }) => [index, embedding]));
  const embeddings = Array.from({ length: count }, (_, i) => byIndex.get(i));
  if (!parsed.success || byIndex.size !== count || embeddings.includes(undefined)) {
    const detail = `the answer does not have one vector for each text (${count} sent)`;
    return { ok: false, failure: modelFailure({ kind: 'unavailable', detail, retryable: true }) };
  }
  const other = embeddings.find((embedding) => embedding?.length !== dimensions);
  if (other !== undefined) {
    const detail = `${model} returns vectors of ${other.length} numbers instead of ${dimensions}`;
    const cure = `Set dimensions: ${other.length} in retrieval.embedder.`;
    return { ok: false, failure: modelFailure({ kind: 'rejected', detail, cure, retryable: false }) };
  }
  return { ok: true, answer: embeddings.map((embedding) => toUnitVector(embedding ?? [])) };
}

/** Failures that do not pass by themselves: the program does not start with them. */
const lasting: ReadonlySet<FailureKind> = new Set(['access', 'rejected']);

function embedderError({ kind, detail, cure, status }: ModelFailure): EmbedderError {
  return new EmbedderError({
    embedder: 'voyage',
    kind,
    status,
    retryable: !lasting.has(kind),
    message: `Voyage gave no vectors: ${detail}.${cure === null ? '' : ` ${cure}`}`,
  });
}

const statusSchema = z.object({ statusCode: z.number() });
const headersSchema = z.object({ rawResponse: z.object({ headers: z.instanceof(Headers) }) });

/** Maps an error of the client to a failure. The error may contain texts of the request, so nothing of it is kept. */
function explainVoyageError(error: unknown): ModelFailure {
  const status = statusSchema.safeParse(error).data?.statusCode ?? null;
  if (status === null) {
    const cure = 'Check the network.';
    return modelFailure({ kind: 'unavailable', detail: 'the connection failed', cure, retryable: true });
  }
  const headers = headersSchema.safeParse(error).data?.rawResponse.headers;
  const retryAfterMs = headers === undefined ? null : readRetryAfter(headers);
  if (status === 429) {
    return modelFailure({
      kind: 'rate-limited',
      detail: `rate limited (${status})`,
      status,
      retryable: true,
      retryAfterMs,
    });
  }
  if (status === 408 || status >= 500) {
    return modelFailure({
      kind: 'unavailable',
      detail: `server error (${status})`,
      status,
      retryable: true,
      retryAfterMs,
    });
  }
  if (status === 401 || status === 403) {
    const cure = 'Check VOYAGE_API_KEY.';
    return modelFailure({ kind: 'access', detail: `the key is refused (${status})`, cure, status, retryable: false });
  }
  const cure = 'Check model and dimensions in retrieval.embedder.';
  return modelFailure({
    kind: 'rejected',
    detail: `the request is refused (${status})`,
    cure,
    status,
    retryable: false,
  });
}

function unknownPriceProblem(model: string): ConfigurationError {
  return new ConfigurationError([
    {
      file: 'switchboard.yaml',
      line: null,
      message: `claude.dailyBudgetUsd is set, and the price of ${model} (retrieval.embedder) is not known`,
      cure: `Add claude.prices: { ${model}: { input: …, output: 0 } } in USD per million tokens, or remove the budget.`,
    },
  ]);
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

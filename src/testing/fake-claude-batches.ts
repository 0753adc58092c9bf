// Test double: the Message Batches API as a state machine. A batch advances one state each time it is read.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { FakeReply } from './fake-claude-reply.ts';
import type { FakeApiError } from './fake-claude-request.ts';

const createSchema = z.strictObject({
  requests: z
    .array(z.strictObject({ custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/), params: z.looseObject({}) }))
    .min(1)
    .max(100_000),
});
const refusedInBatch = ['stream', 'speed'];

type Result = { readonly custom_id: string; readonly result: Readonly<Record<string, unknown>> };
type Batch = {
  readonly id: string;
  readonly createdAt: number;
  readonly requests: z.infer<typeof createSchema>['requests'];
  status: 'in_progress' | 'canceling' | 'ended';
  cancelledAt: number | null;
  endedAt: number | null;
  looksUntilEnd: number;
  results: Result[];
};

export type BatchAnswer = { readonly json: unknown } | { readonly jsonl: string } | { readonly error: FakeApiError };
export type FakeBatches = { handle(options: { route: string; body: unknown; baseUrl: string }): BatchAnswer };

/** How often a batch can be read before it has ended. */
const LOOKS_IN_PROGRESS = 1;
const DAY_MS = 86_400_000;

export function createFakeBatches(options: {
  answerOne: (params: unknown) => { readonly reply: FakeReply } | FakeApiError;
  now: () => number;
}): FakeBatches {
  const batches = new Map<string, Batch>();
  const notFound: BatchAnswer = { error: { status: 404, type: 'not_found_error', message: 'batch not found' } };

  function create(body: unknown, baseUrl: string): BatchAnswer {
    const parsed = createSchema.safeParse(body);
    if (!parsed.success) return invalid(parsed.error.issues[0]?.message ?? 'invalid batch');
    const ids = parsed.data.requests.map(({ custom_id }) => custom_id);
    if (new Set(ids).size !== ids.length) return invalid('custom_id must be unique in the batch');
    const batch: Batch = {
      id: `msgbatch_${randomUUID().slice(0, 12)}`,
      createdAt: options.now(),
      requests: parsed.data.requests,
      status: 'in_progress',
      cancelledAt: null,
      endedAt: null,
      looksUntilEnd: LOOKS_IN_PROGRESS,
      results: [],
    };
    batches.set(batch.id, batch);
    return { json: describe(batch, baseUrl) };
  }

  function look(batch: Batch, baseUrl: string): BatchAnswer {
    if (batch.status !== 'ended') {
      if (batch.looksUntilEnd > 0) batch.looksUntilEnd -= 1;
      else finish(batch);
    }
    return { json: describe(batch, baseUrl) };
  }

  function finish(batch: Batch): void {
    batch.results = shuffle(
      batch.requests.map(({ custom_id, params }) => ({ custom_id, result: resultOf(params, batch) })),
    );
    batch.status = 'ended';
    batch.endedAt = options.now();
  }

  /** The result of a request. A marker `fake:errored`, `fake:expired` or `fake:canceled` in the prompt selects it. */
  function resultOf(params: Readonly<Record<string, unknown>>, batch: Batch): Readonly<Record<string, unknown>> {
    const wanted = /fake:(errored|expired|canceled)/.exec(JSON.stringify(params))?.[1];
    if (batch.status === 'canceling' || wanted === 'canceled') return { type: 'canceled' };
    if (wanted === 'expired') return { type: 'expired' };
    if (wanted === 'errored') return errored({ status: 500, type: 'api_error', message: 'Internal server error' });
    const refused = refusedInBatch.find((key) => key in params);
    if (refused !== undefined || params.max_tokens === 0) {
      return errored({
        status: 400,
        type: 'invalid_request_error',
        message: `${refused ?? 'max_tokens: 0'} is not allowed in batches`,
      });
    }
    const answered = options.answerOne(params);
    return 'status' in answered ? errored(answered) : { type: 'succeeded', message: answered.reply };
  }

  return {
    handle({ route, body, baseUrl }) {
      if (route === 'POST /v1/messages/batches') return create(body, baseUrl);
      if (route === 'GET /v1/messages/batches') {
        const data = [...batches.values()].map((batch) => describe(batch, baseUrl)).reverse();
        return { json: { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null } };
      }
      const [, method, id, action] = /^(\w+) \/v1\/messages\/batches\/([^/]+)(?:\/(\w+))?$/.exec(route) ?? [];
      const batch = batches.get(id ?? '');
      if (batch === undefined) return notFound;
      if (method === 'GET' && action === undefined) return look(batch, baseUrl);
      if (method === 'GET' && action === 'results') {
        if (batch.status !== 'ended') return notFound;
        return { jsonl: batch.results.map((result) => `${JSON.stringify(result)}\n`).join('') };
      }
      if (method === 'POST' && action === 'cancel') {
        if (batch.status === 'in_progress') {
          batch.status = 'canceling';
          batch.cancelledAt = options.now();
        }
        return { json: describe(batch, baseUrl) };
      }
      if (method === 'DELETE') {
        if (batch.status !== 'ended') return invalid('only ended batches can be deleted');
        batches.delete(batch.id);
        return { json: { id: batch.id, type: 'message_batch_deleted' } };
      }
      return notFound;
    },
  };
}

const invalid = (message: string): BatchAnswer => ({ error: { status: 400, type: 'invalid_request_error', message } });

const errored = ({ type, message }: FakeApiError) => ({
  type: 'errored',
  error: { type: 'error', error: { type, message }, request_id: null },
});

function describe(batch: Batch, baseUrl: string) {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const ended = batch.status === 'ended';
  const count = (type: string) => batch.results.filter(({ result }) => result.type === type).length;
  return {
    id: batch.id,
    type: 'message_batch',
    processing_status: batch.status,
    request_counts: {
      processing: ended ? 0 : batch.requests.length,
      succeeded: count('succeeded'),
      errored: count('errored'),
      canceled: count('canceled'),
      expired: count('expired'),
    },
    created_at: time(batch.createdAt),
    expires_at: time(batch.createdAt + DAY_MS),
    ended_at: time(batch.endedAt),
    cancel_initiated_at: time(batch.cancelledAt),
    archived_at: null,
    results_url: ended ? `${baseUrl}/v1/messages/batches/${batch.id}/results` : null,
  };
}

/** Changes the order of the results, always in the same way: the real order is arbitrary. */
function shuffle<T>(items: readonly T[]): T[] {
  const odd = items.filter((_, at) => at % 2 === 1);
  const even = items.filter((_, at) => at % 2 === 0);
  return [...odd.reverse(), ...even];
}

import type { z } from 'zod';
import { count } from '../../base/plural.ts';
import { codeOf } from '../../base/safe-error.ts';
import type { Example } from '../../classifiers/retrieval/example-index.ts';
import { ConflictError, InputError, NotFoundError, SwitchboardError, UsageError } from '../../errors.ts';
import { exampleChangesSchema, examplePageSchema, healthSchema, problemSchema } from '../../http/contract.ts';
import type { ExampleSource, StoredExample } from '../../store/store.ts';
import { addProgress, oneByOne } from './one-by-one.ts';
import type { ExampleEditor, ExampleReader, NamedFilter } from './stored-examples.ts';

type ServerAccess = { readonly serverUrl: string; readonly token: string | null };

/** Well below the server's body limit. */
const MAX_BATCH_BYTES = 500_000;
const PAGE = 200;
const ANSWER_WITHIN_MS = 60_000;

/** The examples of the store that a running server holds. */
export function createServerExamples(access: ServerAccess): ExampleReader & ExampleEditor {
  const call = createCall(access);
  return {
    server: access.serverUrl,
    list: (filter) => listPages(call, filter),
    import: (examples) => importInBatches(call, examples),
    remove: (ids) =>
      oneByOne(ids, {
        change: (id) => call(`/v1/examples/${encodeURIComponent(id)}`, { method: 'DELETE' }),
        changed: 'removed',
      }),
    approve: (ids) =>
      oneByOne(ids, {
        change: (id) => call(`/v1/examples/${encodeURIComponent(id)}/approve`, { method: 'POST' }),
        changed: 'approved',
      }),
  };
}

/** How many examples the server has, by where they come from; null when it does not say. Needs no token. */
export async function countOnServer(
  serverUrl: string,
  signal: AbortSignal,
): Promise<Readonly<Record<ExampleSource, number>> | null> {
  const response = await fetch(`${serverUrl}/readyz`, { signal });
  return healthSchema.partial().parse(await response.json()).examplesBySource ?? null;
}

type Call = (path: string, options?: RequestInit) => Promise<Response>;

/** Calls the server that holds the store; a refusal is thrown as the error that its own code threw. */
export function createCall({ serverUrl, token }: ServerAccess): Call {
  return async (path, options = {}) => {
    const headers = { ...options.headers, ...(token !== null && { authorization: `Bearer ${token}` }) };
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`${serverUrl}${path}`, { ...options, headers, signal }).catch((cause: unknown) => {
      throw new SwitchboardError({
        code: 'internal',
        message: `The server at ${serverUrl} holds the store and does not answer (${codeOf(cause) ?? 'no answer in time'}). Look at its log, or stop it and try again.`,
        cause,
      });
    });
    if (!response.ok) throw await mapRefusal(serverUrl, response);
    return response;
  };
}

async function* listPages(call: Call, filter: NamedFilter): AsyncIterable<StoredExample> {
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ ...filter, limit: `${PAGE}`, ...(cursor !== null && { cursor }) });
    const page: z.infer<typeof examplePageSchema> = examplePageSchema.parse(
      await (await call(`/v1/examples?${query}`)).json(),
    );
    for (const { example, ...facts } of page.items) {
      if (example.intent !== null) yield { ...facts, example: { ...example, intent: example.intent } };
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function importInBatches(call: Call, examples: readonly Example[]) {
  const total = { added: 0, changed: 0, unchanged: 0 };
  let done = 0;
  for (const batch of splitIntoBatches(examples)) {
    const response = await call('/v1/examples', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"examples":[${batch.join(',')}]}`,
    }).catch((error: unknown) => {
      throw addProgress(
        shiftIssues(error, done),
        done === 0 ? '' : `The ${count(done, 'example')} before it imported.`,
      );
    });
    const changes = exampleChangesSchema.parse(await response.json());
    total.added += changes.added;
    total.changed += changes.changed;
    total.unchanged += changes.unchanged;
    done += batch.length;
  }
  return total;
}

function splitIntoBatches(examples: readonly Example[]): string[][] {
  const batches: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const example of examples) {
    const text = JSON.stringify(example);
    bytes += Buffer.byteLength(text);
    if (bytes > MAX_BATCH_BYTES) {
      batches.push([]);
      bytes = Buffer.byteLength(text);
    }
    batches.at(-1)?.push(text);
  }
  return batches;
}

/** The server's refusal as the error that its own code threw. */
async function mapRefusal(serverUrl: string, response: Response): Promise<SwitchboardError> {
  const problem = problemSchema.safeParse(await response.json().catch(() => null)).data;
  const detail = problem?.detail ?? response.statusText;
  switch (response.status) {
    case 400:
      return new InputError({ message: detail, issues: problem?.issues });
    case 401:
      return new UsageError(
        `The server at ${serverUrl} holds the store and wants its token. Set SWITCHBOARD_TOKEN to the one it was started with.`,
      );
    case 404:
      return new NotFoundError(detail);
    case 409:
      return new ConflictError(detail);
    default:
      return new SwitchboardError({
        code: 'internal',
        message: `The server at ${serverUrl} holds the store and refused (${response.status}): ${detail}`,
      });
  }
}

/** Places of a batch as places of the whole. */
function shiftIssues(error: unknown, by: number): unknown {
  if (!(error instanceof InputError)) return error;
  const issues = error.issues.map(({ path, message }) => ({
    path: path.replace(/^(?:examples)?\[(\d+)\]/, (_, place) => `[${Number(place) + by}]`),
    message,
  }));
  return new InputError({ message: error.message, issues, cause: error });
}

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

/** Well below the largest body that the server accepts. */
const MAX_BATCH_BYTES = 500_000;
const PAGE = 200;
const RESPONSE_TIMEOUT_MS = 60_000;

/** The examples of a store that a running server has open, through its HTTP API. */
export function createServerExamples(access: ServerAccess): ExampleReader & ExampleEditor {
  const call = createCall(access);
  return {
    server: access.serverUrl,
    list: (filter) => listPages(call, filter),
    correctionsOf: null,
    import: (examples) => importInBatches(call, examples),
    remove: (ids) =>
      oneByOne(ids, {
        change: (id) => call(`/v1/examples/${encodeURIComponent(id)}`, { method: 'DELETE' }),
        changed: 'Removed',
      }),
    approve: (ids) =>
      oneByOne(ids, {
        change: (id) => call(`/v1/examples/${encodeURIComponent(id)}/approve`, { method: 'POST' }),
        changed: 'Approved',
      }),
  };
}

/** Number of examples on the server by source, read without a token; null when the server does not say it. */
export async function countOnServer(
  serverUrl: string,
  signal: AbortSignal,
): Promise<Readonly<Record<ExampleSource, number>> | null> {
  const response = await fetch(`${serverUrl}/readyz`, { signal });
  return healthSchema.partial().parse(await response.json()).examplesBySource ?? null;
}

type Call = (path: string, options?: RequestInit) => Promise<Response>;

/** Returns a function that calls the server. When the server refuses, it throws the error that the server's code threw. */
export function createCall({ serverUrl, token }: ServerAccess): Call {
  return async (path, options = {}) => {
    const headers = { ...options.headers, ...(token !== null && { authorization: `Bearer ${token}` }) };
    const signal = AbortSignal.timeout(RESPONSE_TIMEOUT_MS);
    const response = await fetch(`${serverUrl}${path}`, { ...options, headers, signal }).catch((cause: unknown) => {
      throw new SwitchboardError({
        code: 'internal',
        message: `The server at ${serverUrl}, which uses the store, does not respond (${codeOf(cause) ?? 'no response in time'}). Read its log, or stop it and try again.`,
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
    const { outOfScope, ...named } = filter;
    const query = new URLSearchParams({
      ...named,
      ...(outOfScope !== undefined && { outOfScope: `${outOfScope}` }),
      limit: `${PAGE}`,
      ...(cursor !== null && { cursor }),
    });
    const page: z.infer<typeof examplePageSchema> = examplePageSchema.parse(
      await (await call(`/v1/examples?${query}`)).json(),
    );
    yield* page.items;
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
      throw addProgress(shiftIssues(error, done), done === 0 ? '' : `Imported before that: ${count(done, 'example')}.`);
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

/** Maps a refusal of the server to the error that its code threw. */
async function mapRefusal(serverUrl: string, response: Response): Promise<SwitchboardError> {
  const problem = problemSchema.safeParse(await response.json().catch(() => null)).data;
  const detail = problem?.detail ?? response.statusText;
  switch (response.status) {
    case 400:
      return new InputError({ message: detail, issues: problem?.issues });
    case 401:
      return new UsageError(
        `The server at ${serverUrl}, which uses the store, needs its token. Set SWITCHBOARD_TOKEN to the one that it was started with.`,
      );
    case 404:
      return new NotFoundError(detail);
    case 409:
      return new ConflictError(detail);
    default:
      return new SwitchboardError({
        code: 'internal',
        message: `The server at ${serverUrl}, which uses the store, refused (${response.status}): ${detail}`,
      });
  }
}

/** Changes the indexes of a batch in an error to indexes of the whole list. */
function shiftIssues(error: unknown, by: number): unknown {
  if (!(error instanceof InputError)) return error;
  const issues = error.issues.map(({ path, message }) => ({
    path: path.replace(/^(?:examples)?\[(\d+)\]/, (_, place) => `[${Number(place) + by}]`),
    message,
  }));
  return new InputError({ message: error.message, issues, cause: error });
}

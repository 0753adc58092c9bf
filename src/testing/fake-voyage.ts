/**
 * TEST DOUBLE of Voyage's embeddings endpoint: a strict server on 127.0.0.1 that refuses what the real one refuses.
 * Its vectors are computed from the words of a text. Nothing measured with it says anything about Voyage.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { hashEmbedder } from './hash-embedder.ts';

/** A fault: an error status, a response that never ends (`stall`), or a connection that breaks (`drop`). */
export type VoyageFault =
  | { readonly status: number; readonly retryAfterSeconds?: number }
  | 'stall'
  | 'drop'
  | 'garbage';

export type FakeVoyage = AsyncDisposable & {
  readonly url: string;
  /** Raw request bodies, oldest first. */
  readonly bodies: readonly string[];
  readonly requests: readonly VoyageRequest[];
  /** Faults for the next requests, one each; null for a good answer in between. */
  script(...next: readonly (VoyageFault | null)[]): void;
};

const KEY = 'test-key';
const MAX_TOKENS = 120_000;
const widths: Readonly<Record<string, readonly number[]>> = {
  'voyage-4': [256, 512, 1_024, 2_048],
  'voyage-4-lite': [256, 512, 1_024, 2_048],
  'voyage-3-lite': [512],
};
const requestSchema = z.strictObject({
  input: z.array(z.string().min(1)).min(1).max(128),
  model: z.string(),
  input_type: z.enum(['query', 'document']).optional(),
  truncation: z.boolean().optional(),
  output_dimension: z.number().optional(),
});
export type VoyageRequest = z.infer<typeof requestSchema>;

export async function startFakeVoyage(): Promise<FakeVoyage> {
  const bodies: string[] = [];
  const requests: VoyageRequest[] = [];
  const scripted: (VoyageFault | null)[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString('utf8');
    bodies.push(body);
    const send = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    const refuse = (status: number, detail: string, headers?: Record<string, string>) =>
      send(status, { detail }, headers);
    if (request.method !== 'POST' || request.url !== '/v1/embeddings') return refuse(404, 'no such path');
    if (request.headers.authorization !== `Bearer ${KEY}`) return refuse(401, 'Provided API key is invalid.');
    const fault = scripted.shift() ?? null;
    if (fault === 'drop') return response.destroy();
    if (fault === 'stall') {
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.write('{"object":');
    }
    if (fault === 'garbage') return send(200, { object: 'list', data: [] });
    if (fault !== null) {
      const { retryAfterSeconds } = fault;
      return refuse(
        fault.status,
        'as scripted',
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
      );
    }
    const parsed = requestSchema.safeParse(parseJson(body));
    if (!parsed.success) return refuse(400, z.prettifyError(parsed.error));
    const { model, input } = parsed.data;
    const allowed = widths[model];
    if (allowed === undefined) return refuse(400, `Model ${model} is not supported.`);
    const width = allowed.length === 1 ? allowed[0] : (parsed.data.output_dimension ?? 1_024);
    if (width === undefined || !allowed.includes(width)) return refuse(400, 'output_dimension is not supported.');
    const tokens = input.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
    if (tokens > MAX_TOKENS) return refuse(400, 'too many tokens in one request');
    requests.push(parsed.data);
    const vectors = await hashEmbedder({ dimensions: width }).embedDocuments(input.map((text) => ({ text })));
    const data = vectors.map((vector, index) => ({
      object: 'embedding',
      embedding: [...(vector ?? new Float32Array(width).fill(1))].map((value) => 3 * value),
      index,
    }));
    // Reversed, because clients must use `index` and not the order of the list.
    return send(200, { object: 'list', data: data.toReversed(), model, usage: { total_tokens: tokens } });
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    bodies,
    requests,
    script: (...next) => {
      scripted.push(...next);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

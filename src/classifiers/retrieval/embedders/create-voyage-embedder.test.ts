import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigurationError } from '../../../errors.ts';
import { type FakeVoyage, startFakeVoyage } from '../../../testing/fake-voyage.ts';
import { redact } from '../../../ticket/redact-ticket.ts';
import { createModelAccount, createModelUse, type ModelUse } from '../../model-api/model-account.ts';
import { EmbedderError, MAX_EMBEDDED_LENGTH } from '../embedder.ts';
import { createVoyageEmbedder, type VoyageEmbedderOptions } from './create-voyage-embedder.ts';

let fake: FakeVoyage;
/** The requested pauses between attempts; the tests do not wait for them. */
let pausesMs: number[];
let use: ModelUse;
beforeEach(async () => {
  pausesMs = [];
  use = createModelUse({ sleep: async ({ ms }) => void pausesMs.push(ms) });
  fake = await startFakeVoyage();
});
afterEach(() => fake[Symbol.asyncDispose]());

const embedderWith = (options: Partial<VoyageEmbedderOptions> = {}) =>
  createVoyageEmbedder({
    apiKey: 'test-key',
    model: 'voyage-4',
    redact,
    baseUrl: fake.url,
    account: createModelAccount({ use }),
    ...options,
  });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof EmbedderError ? error : Promise.reject(error)),
  );
const lengthOf = (vector: Float32Array | null | undefined) => Math.hypot(...(vector ?? []));

describe('a request to Voyage', () => {
  test('gives each text its own vector of length 1, in order, and counts tokens and money', async () => {
    const embedder = embedderWith({ dimensions: 256 });
    const texts = ['Where is my parcel?', 'I forgot my password', 'Wrong amount'];
    const vectors = await embedder.embedDocuments(texts.map((text) => ({ text })));
    for (const [i, text] of texts.entries()) {
      expect(lengthOf(vectors[i])).toBeCloseTo(1, 5);
      expect(await embedder.embedQuery({ text })).toEqual(vectors[i]);
    }
    expect(fake.requests.map(({ input_type }) => input_type)).toEqual(['document', 'query', 'query', 'query']);
    expect(fake.requests[0]).toMatchObject({ model: 'voyage-4', output_dimension: 256, input: texts });
    expect(await use.ledger.spentTodayUsd()).toBeCloseTo((26 * 0.06) / 1_000_000, 12);
    expect(embedder).toMatchObject({ id: 'voyage:voyage-4:256', dimensions: 256 });
  });

  test('has no more than 128 texts and no more characters than allowed', async () => {
    const embedder = embedderWith({ dimensions: 256 });
    const many = Array.from({ length: 300 }, (_, i) => ({ text: `ticket number ${i}` }));
    expect((await embedder.embedDocuments(many)).every((vector) => vector !== null)).toBe(true);
    expect(fake.requests.map(({ input }) => input.length)).toEqual([128, 128, 44]);
    const long = Array.from({ length: 20 }, (_, i) => ({ text: `${i} ${'あ'.repeat(50_000)}` }));
    expect(await embedder.embedDocuments(long)).toHaveLength(20);
    const lengths = fake.requests.slice(3).map(({ input }) => input.join('').length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100_000);
    expect(fake.requests.at(-1)?.input.every((text) => text.length <= MAX_EMBEDDED_LENGTH + 1)).toBe(true);
  });

  test('leaves out empty texts', async () => {
    const embedder = embedderWith({ dimensions: 256 });
    expect(await embedder.embedQuery({ text: ' \n' })).toBeNull();
    const [empty, full] = await embedder.embedDocuments([{ text: '' }, { text: 'parcel' }]);
    expect([empty, lengthOf(full)]).toEqual([null, expect.closeTo(1, 5)]);
    expect(fake.requests.map(({ input }) => input)).toEqual([['parcel']]);
  });

  test('has nothing that identifies a person, for a search or for an example', async () => {
    const embedder = embedderWith();
    const ticket = {
      id: 't-1',
      requester: { name: 'Rosalind Quimby-Teasel', email: 'rosalind@teasel.example' },
    };
    const text = [
      'This is Rosalind Quimby-Teasel, order NN-48213.',
      'Call +49 30 901820 or write to billing.contact@teasel.example.',
      'Card 4111 1111 1111 1111, account DE89 3704 0044 0532 0130 00, from 203.0.113.77.',
    ].join('\n');
    await embedder.embedQuery({ text, ticket });
    await embedder.embedDocuments([{ text, ticket }]);
    expect(fake.bodies).toHaveLength(2);
    for (const body of fake.bodies) {
      for (const planted of ['Rosalind', 'Quimby', 'Teasel', 'teasel', '901820', '4111', '0532', '203.0.113', 't-1']) {
        expect(body).not.toContain(planted);
      }
      expect(body).toContain('NN-48213');
      expect(body).toMatch(/\[EMAIL_\d\]/);
    }
  });

  test('has no half of an address where a long text is cut', async () => {
    const embedder = embedderWith();
    for (let offset = 0; offset < 40; offset += 3) {
      const text = `${'x'.repeat(offset)} ${'secretive.person@teasel.example '.repeat(1_000)}`;
      await embedder.embedQuery({ text });
    }
    for (const body of fake.bodies) expect(body).not.toMatch(/secret|person|teasel/);
  });

  test('has the texts unredacted when redaction is off', async () => {
    await embedderWith({ redact: null }).embedQuery({ text: 'write to a@b.example' });
    expect(fake.requests[0]?.input).toEqual(['write to a@b.example']);
  });
});

describe('when Voyage fails, the embedder', () => {
  test.each([
    ['500', { status: 500 }],
    ['429 with a short wait', { status: 429, retryAfterSeconds: 0 }],
    ['a dropped connection', 'drop'],
    ['an answer without vectors', 'garbage'],
  ] as const)('calls it again after %s', async (_name, fault) => {
    fake.script(fault, fault);
    expect(lengthOf(await embedderWith().embedQuery({ text: 'parcel' }))).toBeCloseTo(1, 5);
  });

  test('gives up after four attempts with an error that is retryable', async () => {
    fake.script(...Array.from({ length: 9 }, () => ({ status: 503 })));
    const failure = await failureOf(embedderWith().embedDocuments([{ text: 'parcel' }]));
    expect(failure).toMatchObject({ status: 503, kind: 'unavailable', retryable: true, classifier: 'voyage' });
    expect(fake.bodies).toHaveLength(4);
  });

  test('waits as long as Voyage asks', async () => {
    fake.script({ status: 429, retryAfterSeconds: 2 });
    await embedderWith().embedQuery({ text: 'parcel' });
    expect(pausesMs).toEqual([2_000]);
  });

  test('does not wait when Voyage asks for minutes', async () => {
    fake.script({ status: 429, retryAfterSeconds: 300 });
    expect(await failureOf(embedderWith().embedQuery({ text: 'parcel' }))).toMatchObject({
      status: 429,
      kind: 'rate-limited',
      retryable: true,
    });
    expect([fake.bodies.length, pausesMs]).toEqual([1, []]);
  });

  test('pauses calls after five failures in a row', async () => {
    fake.script(...Array.from({ length: 9 }, () => ({ status: 503 })));
    const embedder = embedderWith();
    const first = await failureOf(embedder.embedQuery({ text: 'parcel' }));
    const second = await failureOf(embedder.embedQuery({ text: 'parcel' }));
    expect([first?.kind, second?.kind]).toEqual(['unavailable', 'paused']);
    expect(fake.bodies).toHaveLength(5);
  });

  test('ends a reply that stalls at the deadline', async () => {
    fake.script('stall', 'stall', 'stall', 'stall');
    const failure = await failureOf(embedderWith({ queryDeadlineMs: 150 }).embedQuery({ text: 'parcel' }));
    expect(failure).toMatchObject({
      retryable: true,
      kind: 'deadline',
      message: expect.stringMatching(/^Voyage gave no vectors: no /),
    });
  });

  test('ends when the signal of the search aborts', async () => {
    fake.script('stall');
    const controller = new AbortController();
    const work = failureOf(embedderWith().embedQuery({ text: 'parcel' }, controller.signal));
    await vi.waitFor(() => expect(fake.bodies).toHaveLength(1));
    controller.abort();
    expect(await work).toBeInstanceOf(EmbedderError);
  });

  test('does not retry with a refused key or model, and says what to check', async () => {
    const noKey = await failureOf(embedderWith({ apiKey: 'wrong' }).embedQuery({ text: 'parcel' }));
    expect(noKey).toMatchObject({ status: 401, retryable: false });
    expect(noKey?.message).toContain('VOYAGE_API_KEY');
    const noModel = await failureOf(embedderWith({ model: 'voyage-99' }).embedQuery({ text: 'parcel' }));
    expect(noModel).toMatchObject({ status: 400, retryable: false });
    expect(noModel?.message).toContain('retrieval.embedder');
    expect(fake.bodies).toHaveLength(2);
  });

  test('names the dimensions to set when a model has others', async () => {
    const failure = await failureOf(embedderWith({ model: 'voyage-3-lite' }).embedQuery({ text: 'parcel' }));
    expect(failure?.message).toContain('Set dimensions: 512');
  });

  test('has nothing of the text in its error', async () => {
    fake.script({ status: 400 });
    const failure = await failureOf(embedderWith().embedQuery({ text: 'my secret parcel' }));
    expect(JSON.stringify([failure?.message, failure?.cause ?? null])).not.toContain('secret');
  });

  test('refuses the model that Voyage does not serve', () => {
    expect(() => embedderWith({ model: 'voyage-4-nano' })).toThrow(ConfigurationError);
  });
});

describe('the daily budget', () => {
  const limited = (dailyBudgetUsd: number) => createModelAccount({ use: createModelUse({ dailyBudgetUsd }) });

  test('that is used up stops embedding with an error that is retryable', async () => {
    const embedder = embedderWith({ account: limited(0.000_001_5) });
    const text = 'Where is my parcel? It should have come last week.';
    expect(lengthOf(await embedder.embedQuery({ text }))).toBeCloseTo(1, 5);
    expect(await failureOf(embedder.embedQuery({ text }))).toMatchObject({ kind: 'budget', retryable: true });
    expect(fake.bodies).toHaveLength(1);
  });

  test('needs a price for the model, which may come from the configuration', async () => {
    const model = 'voyage-3-lite';
    expect(() => embedderWith({ model, account: limited(1) })).toThrow(ConfigurationError);
    const use = createModelUse({ dailyBudgetUsd: 1 });
    const prices = { [model]: { input: 1_000_000, output: 0 } };
    const embedder = embedderWith({ model, dimensions: 512, account: createModelAccount({ use }), prices });
    expect(await failureOf(embedder.embedQuery({ text: 'parcel' }))).toMatchObject({ kind: 'budget' });
  });
});

// How examples for Claude are found: by a scan on the embedded store, by SQL on PostgreSQL (TEST_DATABASE_URL). Claude is a
// fake: nothing here measures how well it classifies.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { sql } from '../src/base/drizzle.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { ConfigurationError } from '../src/errors.ts';
import { type FakeClaude, startFakeClaude } from '../src/testing/fake-claude.ts';
import { shopExamples } from '../src/testing/small-taxonomy.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { createShopDir } from './cli-harness.ts';

const actor = { kind: 'token', id: 'api' } as const;

const odd = 'The gizmo hums in the key of F sharp whenever the moon is full';
const answer = {
  reasoning: 'The customer asks about a gizmo.',
  words: ['gizmo'],
  intent: 'returns',
  urgency: 'normal',
  sentiment: 'neutral',
  certainty: 'sure',
};

let fake: FakeClaude;
beforeEach(async () => {
  fake = await startFakeClaude({ answer: () => answer });
});
afterEach(() => fake.close());

async function openShop(options: { dir: string; databaseUrl: string | null; env?: Record<string, string> }) {
  const { dir, databaseUrl } = options;
  const env = {
    ANTHROPIC_API_KEY: 'test',
    ANTHROPIC_BASE_URL: fake.url,
    SWITCHBOARD_CLASSIFIER: 'claude',
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    ...options.env,
  };
  const steps: string[] = [];
  const config = await loadConfig({ cwd: dir, env });
  const app = await createApp({ config, onProgress: ({ step }) => steps.push(step) });
  return Object.assign(app, { steps });
}

async function database(isPostgresql: boolean) {
  if (!isPostgresql) return { databaseUrl: null, drop: async () => {} };
  return createTestDatabase();
}

describe.each([
  { kind: 'the embedded store', isPostgresql: false },
  { kind: 'PostgreSQL', isPostgresql: true },
])('on $kind', ({ isPostgresql }) => {
  if (isPostgresql && testDatabaseUrl === null) {
    test.skip('needs TEST_DATABASE_URL', () => {});
    return;
  }

  test('Claude is shown the most similar examples, soon also a correction, without what identifies the customer', async () => {
    using dir = createShopDir();
    const { databaseUrl, drop } = await database(isPostgresql);
    const app = await openShop({ dir: dir.path, databaseUrl });
    const { classification } = await app.route({ body: 'Where is my parcel, please?' });
    expect(classification).toMatchObject({ stage: 'claude' });
    expect(classification.nearestExamples[0]).toMatchObject({ id: 'shipping-1', intent: 'shipping' });
    expect(fake.messageRequests().at(-1)?.rawBody).toContain('Where is my parcel?');
    const before = classification.versions.examples;
    const requester = { name: 'Philippa Thornquist', email: 'philippa@thornquist.example' };
    const body = `Philippa Thornquist writes (philippa@thornquist.example, +44 20 7946 0958): ${odd}`;
    await app.intake({ connector: 'api', actor, ticket: { id: 't-1', body, requester } });
    await app.feedback({ ticketId: 't-1', feedback: { intent: 'returns' }, actor });
    await expect
      .poll(async () => (await app.route({ body: `${odd}!` })).classification.nearestExamples[0], { timeout: 10_000 })
      .toMatchObject({ id: expect.stringContaining('feedback:t-1:'), intent: 'returns' });
    const after = (await app.route({ body: `${odd}!` })).classification;
    expect(after.versions.examples).not.toBe(before);
    // The correction is shown with another customer's ticket, without the name of its own.
    const sent = fake.messageRequests().at(-1)?.rawBody ?? '';
    expect(sent).toContain('[NAME_1] writes');
    expect(sent).not.toMatch(/Philippa|Thornquist|7946/i);
    await app.close();
    await drop();
  }, 60_000);
});

test.skipIf(testDatabaseUrl === null)(
  'on PostgreSQL the vectors of the encoder are kept in the database for the next start',
  async () => {
    using dir = createShopDir();
    const { databaseUrl, drop } = await createTestDatabase();
    const first = await openShop({ dir: dir.path, databaseUrl });
    expect(first.steps).toContain('embedding the examples');
    const { rows } = await first.store.transaction(({ executor }) =>
      executor.execute(sql`select e.name, e.dimensions, count(v.vector)::int as vectors
        from switchboard.embedders e join switchboard.example_vectors v on v.embedder_id = e.id group by 1, 2`),
    );
    expect(rows).toEqual([
      { name: expect.stringContaining('universal-sentence-encoder'), dimensions: 512, vectors: shopExamples().length },
    ]);
    await first.close();
    const second = await openShop({ dir: dir.path, databaseUrl });
    expect(second.steps).not.toContain('embedding the examples');
    await second.close();
    await drop();
  },
  60_000,
);

test('an embedder without its key is a configuration error at the start', async () => {
  using dir = createShopDir();
  const config = await loadConfig({
    cwd: dir.path,
    env: { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: fake.url },
    overrides: { retrieval: { embedder: { type: 'voyage', model: 'voyage-4' } } },
  });
  const opening = createApp({ config });
  await expect(opening).rejects.toThrow(ConfigurationError);
  await expect(opening).rejects.toThrow('VOYAGE_API_KEY');
});

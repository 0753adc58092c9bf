import { expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { parseTaxonomy } from '../taxonomy/parse-taxonomy.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { taxonomyViewSchema } from './contract.ts';
import { createHttpServer } from './create-http-server.ts';

const taxonomy = parseTaxonomy({
  file: 'tree.yaml',
  text: `
name: Shop
intents:
  - id: order
    name: Orders
    description: Orders.
    children:
      - { id: order/late, name: Late, description: Late., aliases: [delay] }
      - { id: order/lost, name: Lost, description: Lost. }
  - { id: billing, name: Billing, description: Money. }
`,
});

test('shows the tree with the numbers of the last 30 days, and what is confused most often', async () => {
  const asked: { since: Date; until: Date }[] = [];
  const stub = createStubHttpApp({ taxonomy });
  const app = {
    ...stub,
    store: {
      ...stub.store,
      examples: { ...stub.store.examples, countByIntent: async () => new Map([['order/late', 12]]) },
      figures: {
        ...stub.store.figures,
        counts: async (range: { since: Date; until: Date }) => {
          asked.push(range);
          return new Map<string | null, number>([
            ['order/late', 5],
            ['delay', 2],
            ['billing', 1],
            [null, 3],
          ]);
        },
        corrections: async () => [
          { intent: 'delay', to: 'order/late', count: 9 },
          { intent: 'order/late', to: 'order/lost', count: 2 },
          { intent: 'delay', to: 'order/lost', count: 1 },
          { intent: 'billing', to: null, count: 1 },
          { intent: null, to: 'billing', count: 4 },
        ],
      },
    },
  };
  const server = await createHttpServer({
    app,
    access: { host: '127.0.0.1', allowedHosts: [], token: null },
    requestsPerMinute: 1_000,
    log: silentLogger,
    version: '0.0.0-test',
  });
  const response = await server.inject({ method: 'GET', url: '/v1/taxonomy', headers: { host: '127.0.0.1' } });
  const view = taxonomyViewSchema.parse(response.json());
  await server.close();
  expect(view).toMatchObject({ name: 'Shop', version: taxonomy.version });
  expect(view.intents[0]).toMatchObject({ id: 'order', tickets: 7, examples: 12, corrections: 3, isLeaf: false });
  expect(view.intents[0]?.children[0]).toMatchObject({ id: 'order/late', tickets: 7, corrections: 3, isLeaf: true });
  expect(view.intents[1]).toMatchObject({ id: 'billing', tickets: 1, corrections: 1 });
  // What has another name today is no correction, and what an abstained ticket got is no confusion.
  expect(view.confused).toEqual([
    { intent: 'order/late', with: 'order/lost', count: 3 },
    { intent: 'billing', with: null, count: 1 },
  ]);
  const [range] = asked;
  expect(Date.parse(view.since)).toBe(range?.since.getTime());
  expect((range?.until.getTime() ?? 0) - (range?.since.getTime() ?? 0)).toBe(30 * 24 * 60 * 60_000);
});

// What got a 2xx is decided exactly once, whatever happens to the process that took it.
// On the embedded store always; on PostgreSQL when TEST_DATABASE_URL is set.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ticketRecordSchema } from '../src/http/contract.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { createShopDir, type RunningServer, startServer } from './cli-harness.ts';

const ROUNDS = 5;
const SENDERS = 12;
/** A round's process lives this long after it has begun to serve, at random in between. */
const LIFE_MS = { shortest: 30, longest: 1_500 };

const databases = [
  {
    name: 'the embedded store',
    skip: !process.env.TEST_PROCESSES,
    /** Once the last process runs. */
    decidedWithinMs: 60_000,
    create: async () => ({ env: {}, drop: async () => {} }),
  },
  {
    name: 'PostgreSQL',
    skip: testDatabaseUrl === null,
    // Jobs of the dead wait for a missed heartbeat.
    decidedWithinMs: 90_000,
    create: async () => {
      const { databaseUrl, drop } = await createTestDatabase();
      return { env: { DATABASE_URL: databaseUrl }, drop };
    },
  },
];

describe.each(databases)('on $name', ({ skip, decidedWithinMs, create }) => {
  test.skipIf(skip)(
    'every ticket that got a 2xx is decided exactly once, though its process is killed at random moments',
    async () => {
      using dir = createShopDir();
      const database = await create();
      const acknowledged = new Set<string>();
      let sent = 0;

      /** Posts ticket after ticket until the server dies; sends again what got no answer the round before. */
      const unanswered: string[] = [];
      const send = async (url: string) => {
        for (;;) {
          const id = unanswered.pop() ?? `t-${++sent}`;
          try {
            const response = await fetch(`${url}/v1/tickets`, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ id, subject: 'Bill', body: `I was charged twice for order ${id}` }),
            });
            if (response.status !== 202 && response.status !== 200) throw new Error(`${response.status}`);
            acknowledged.add(id);
          } catch {
            unanswered.push(id);
            return;
          }
        }
      };

      const lives: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await using server = await startServer(['--port', '0'], { cwd: dir.path, env: database.env });
        const senders = Array.from({ length: SENDERS }, () => send(server.url));
        const lifeMs = Math.round(LIFE_MS.shortest + Math.random() * (LIFE_MS.longest - LIFE_MS.shortest));
        lives.push(lifeMs);
        await new Promise((resolve) => setTimeout(resolve, lifeMs));
        await server.stop('SIGKILL');
        await Promise.all(senders);
      }

      await using server = await startServer(['--port', '0'], { cwd: dir.path, env: database.env });
      await waitUntilAllDecided(server, decidedWithinMs);
      const context = `killed after ${lives.join(', ')} ms; ${acknowledged.size} acknowledged of ${sent} sent`;
      expect(acknowledged.size, context).toBeGreaterThan(SENDERS);
      const wrong: string[] = [];
      for (const id of acknowledged) {
        const response = await fetch(`${server.url}/v1/tickets/${id}`);
        if (response.status !== 200) {
          wrong.push(`${id}: ${response.status}`);
          continue;
        }
        const { history, decision } = ticketRecordSchema.parse(await response.json());
        const decided = history.filter(({ event }) => event === 'decided').length;
        if (decided !== 1 || decision === null) wrong.push(`${id}: ${history.map(({ event }) => event).join(' ')}`);
      }
      expect(wrong, context).toEqual([]);
      expect(repeatedDeliveries(join(dir.path, '.switchboard/outbox/api.jsonl')), context).toEqual([]);
      await server.stop('SIGTERM');
      await database.drop();
    },
    300_000,
  );
});

async function waitUntilAllDecided(server: RunningServer, withinMs: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const response = await fetch(`${server.url}/v1/tickets?state=received&limit=1`);
        const page: unknown = await response.json();
        return typeof page === 'object' && page !== null && 'items' in page && Array.isArray(page.items)
          ? page.items.length
          : 'no list';
      },
      { timeout: withinMs, interval: 500 },
    )
    .toBe(0);
}

/** Tickets that were written to the file more than once. */
function repeatedDeliveries(file: string): string[] {
  const counts = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    // A line that a kill tore in half is no delivery.
    const [, ticketId] = /^\{.*"ticketId":"([^"]+)".*\}$/.exec(line) ?? [];
    if (ticketId !== undefined) counts.set(ticketId, (counts.get(ticketId) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([ticketId, count]) => `${ticketId}: ${count} times`);
}

// A ticket that got a 2xx is decided exactly once, whatever happens to the process that accepted it.
// On the embedded store with TEST_PROCESSES; on PostgreSQL when TEST_DATABASE_URL is set.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findNotDecidedOnce, findRepeatedDeliveries } from '../src/testing/decided-once.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { createShopDir, followEvents, startServer } from './cli-harness.ts';

const SENDERS = 12;
const TICKETS_PER_ROUND_AND_SENDER = 8;
/** Each round kills the process after this many events of this kind. */
const kills = [
  { event: 'accepted', count: 1 },
  { event: 'accepted', count: 60 },
  { event: 'decided', count: 1 },
  { event: 'decided', count: 40 },
  { event: 'delivered', count: 1 },
] as const;

const databases = [
  {
    name: 'the embedded store',
    skip: !process.env.TEST_PROCESSES,
    create: async () => ({ env: {}, drop: async () => {} }),
  },
  {
    name: 'PostgreSQL',
    skip: testDatabaseUrl === null,
    create: async () => {
      const { databaseUrl, drop } = await createTestDatabase();
      return { env: { DATABASE_URL: databaseUrl }, drop };
    },
  },
];

describe.each(databases)('on $name', ({ skip, create }) => {
  test.skipIf(skip)(
    'every ticket that got a 2xx is decided exactly once, although the process is killed while it works',
    async () => {
      using dir = createShopDir();
      const database = await create();
      const acknowledged = new Set<string>();
      let sent = 0;

      /** Posts tickets one after another until the server ends; tickets that got no response are sent again. */
      const unanswered: string[] = [];
      const send = async (url: string) => {
        for (let count = 0; count < TICKETS_PER_ROUND_AND_SENDER; count++) {
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

      for (const { event, count } of kills) {
        await using server = await startServer(['--port', '0'], { cwd: dir.path, env: database.env });
        const following = followEvents(server.url);
        // After `hello`, every event is in the stream.
        await following.next();
        const senders = Array.from({ length: SENDERS }, () => send(server.url));
        let seen = 0;
        for await (const found of following) {
          if (found.event === `ticket.${event}` && ++seen === count) break;
        }
        await server.stop('SIGKILL');
        await Promise.all(senders);
      }

      await using server = await startServer(['--port', '0'], { cwd: dir.path, env: database.env });
      const open = new Set(acknowledged);
      // Reads from the first event on. On PostgreSQL, the jobs of a killed process wait until its heartbeat is missed.
      for await (const { event, ticketId } of followEvents(server.url, { lastEventId: 0 })) {
        if (event === 'ticket.delivered' && ticketId !== null) open.delete(ticketId);
        if (open.size === 0) break;
      }
      const context = `${acknowledged.size} acknowledged of ${sent} sent`;
      expect(acknowledged.size, context).toBeGreaterThan(SENDERS);
      const wrong = await findNotDecidedOnce({ url: server.url, ids: acknowledged });
      expect([...wrong], context).toEqual([]);
      expect(findRepeatedDeliveries(join(dir.path, '.switchboard/outbox/api.jsonl')), context).toEqual([]);
      await server.stop('SIGTERM');
      await database.drop();
    },
    300_000,
  );
});

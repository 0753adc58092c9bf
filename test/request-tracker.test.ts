// From tickets in a real Request Tracker to their queues and notes there, although half of its webhooks are lost, some come
// twice and the process is killed while it works. With TEST_PROCESSES, TEST_RT_URL, TEST_RT_TOKEN, TEST_RT_BOT_TOKEN,
// TEST_RT_WEBHOOK_PORT and TEST_RT_WEBHOOK_SECRET; on PostgreSQL when TEST_DATABASE_URL is set.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ticketRecordSchema } from '../src/http/contract.ts';
import { actAsAdmin, testRt } from '../src/testing/real-rt.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { createShopDir, followEvents, startServer } from './cli-harness.ts';

const { TEST_RT_WEBHOOK_PORT, TEST_RT_WEBHOOK_SECRET, TEST_PROCESSES } = process.env;
const canRun = testRt !== null && TEST_RT_WEBHOOK_PORT !== undefined && TEST_RT_WEBHOOK_SECRET !== undefined;

/** Those that a person has moved or taken before we could see them. */
const HELD = 10;
/** Those that a person moves once they are delivered. */
const CORRECTED = 5;
const CREATORS = 3;
/** Each round kills the process after an event of this kind, when this share of the tickets had one in the round. */
const kills = [
  { event: 'accepted', share: 0.1 },
  { event: 'decided', share: 0.2 },
  { event: 'delivered', share: 0.2 },
] as const;

const databases = [
  {
    name: 'the embedded store',
    tickets: 200,
    skip: !canRun || TEST_PROCESSES === undefined,
    create: async () => ({ env: {}, drop: async () => {} }),
  },
  {
    name: 'PostgreSQL',
    // Enough for what is different there: what a killed process has begun is taken over by the next one.
    tickets: 60,
    skip: !canRun || testDatabaseUrl === null,
    create: async () => {
      const { databaseUrl, drop } = await createTestDatabase();
      return { env: { DATABASE_URL: databaseUrl }, drop };
    },
  },
];

describe.each(databases)('on $name (TEST_RT_URL)', ({ skip, tickets, create }) => {
  test.skipIf(skip)(
    'each ticket is decided once and gets its queue and one note, and none that a person has moved is touched',
    async () => {
      if (testRt === null) throw new TypeError('there is no Request Tracker');
      const admin = actAsAdmin(testRt);
      const suffix = randomBytes(3).toString('hex');
      const [intake, money, triage, persons] = [
        `Intake-${suffix}`,
        `Money-${suffix}`,
        `Triage-${suffix}`,
        `Persons-${suffix}`,
      ];
      for (const queue of [intake, money, triage, persons]) await admin.createQueue(queue);
      using dir = createShopDir();
      configure(dir.path, { url: testRt.url, intake, money, triage });
      const database = await create();
      await using relay = await startRelay(intake);
      const env = {
        ...database.env,
        SWITCHBOARD_CONNECTORS__RT__TOKEN: testRt.botToken,
        SWITCHBOARD_CONNECTORS__RT__WEBHOOK_SECRET: TEST_RT_WEBHOOK_SECRET ?? '',
      };
      const start = async () => {
        const server = await startServer(['--port', '0'], { cwd: dir.path, env });
        relay.target = `${server.url}/webhooks/rt`;
        return server;
      };

      const created: string[] = [];
      const held = new Set<string>();
      const corrected = new Set<string>();
      let begun = 0;
      const createOne = async (): Promise<string> => {
        begun += 1;
        const Content =
          begun % 2 === 0 ? `Where is my parcel ${begun}?` : `I was charged twice for the invoice ${begun}`;
        const id = await admin.createTicket({ Queue: intake, Subject: `Ticket ${begun}`, Content });
        created.push(id);
        return id;
      };
      let many = 0;
      const createMany = async () => {
        while (many < tickets - HELD) {
          many += 1;
          await createOne();
        }
      };
      let creating: Promise<unknown> = Promise.resolve();
      for (const [round, { event, share }] of kills.entries()) {
        await using server = await start();
        const following = followEvents(server.url);
        // After `hello`, every event is in the stream.
        await following.next();
        if (round === 0) creating = Promise.all(Array.from({ length: CREATORS }, createMany));
        let seen = 0;
        for await (const found of following) {
          const id = found.ticketId?.replace('rt:', '');
          if (found.event === 'ticket.delivered' && id !== undefined && corrected.size < CORRECTED) {
            corrected.add(id);
            await admin.change(id, { Queue: persons });
          }
          if (found.event === `ticket.${event}` && ++seen >= tickets * share) break;
        }
        await server.stop('SIGKILL');
        relay.target = null;
        if (round > 0) continue;
        for (let n = 0; n < HELD; n += 1) {
          const id = await createOne();
          held.add(id);
          await admin.change(id, n % 2 === 0 ? { Queue: persons } : { Owner: 'admin' });
        }
      }

      await creating;
      await using server = await start();
      const open = new Set(created.filter((id) => !held.has(id)));
      // Reads from the first event on. On PostgreSQL, the jobs of a killed process wait until its heartbeat is missed.
      for await (const { event, ticketId } of followEvents(server.url, { lastEventId: 0 })) {
        if (event === 'ticket.delivered') open.delete(ticketId?.replace('rt:', '') ?? '');
        if (open.size === 0) break;
      }
      expect(created).toHaveLength(tickets);
      expect(relay.counts.dropped).toBeGreaterThan(tickets / 3);
      expect(relay.counts.forwarded).toBeGreaterThan(0);
      expect(relay.counts.duplicated).toBeGreaterThan(0);

      const survey = await admin.survey(Math.min(...created.map(Number)));
      const wrong: string[] = [];
      for (const id of created) {
        const { queue = '', entries = [] } = survey.get(id) ?? {};
        const ours = entries.filter(({ by }) => by === 'bot');
        const complain = (what: string) =>
          wrong.push(`${id}: ${what} (${queue}: ${entries.map(({ by, what: done }) => `${by} ${done}`).join(', ')})`);
        if (held.has(id)) {
          if (ours.length > 0) complain('a person had it, and it was written to');
          continue;
        }
        const response = await fetch(`${server.url}/v1/tickets/rt:${id}`);
        const { decision, history } = ticketRecordSchema.parse(await response.json());
        if (history.filter(({ event }) => event === 'decided').length !== 1) complain('not decided once');
        const moves = ours.filter(({ what }) => what === 'Set Queue');
        const notes = ours.filter(({ what }) => what === 'Comment');
        if (moves.length !== 1) complain(`moved ${moves.length} times`);
        if (notes.length !== 1 || !notes[0]?.text.includes(`[${decision?.id}]`)) complain(`${notes.length} notes`);
        const wanted = decision?.team === 'money' ? money : triage;
        if (queue !== (corrected.has(id) ? persons : wanted)) complain(`not in ${wanted}`);
        const moved = entries.findLast(({ by, what }) => by === 'admin' && what === 'Set Queue')?.id;
        if (moved !== undefined && ours.some((one) => one.id > moved)) complain('written to after a person moved it');
      }
      expect(wrong).toEqual([]);
      const queues = new Set([...survey.values()].map(({ queue }) => queue));
      expect([...queues]).toEqual(expect.arrayContaining([money, triage, persons]));
      await server.stop('SIGTERM');
      await database.drop();
    },
    600_000,
  );
});

function configure(path: string, rt: { url: string; intake: string; money: string; triage: string }): void {
  const file = join(path, 'switchboard.yaml');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const connector = {
    type: 'request-tracker',
    mode: 'auto',
    url: rt.url,
    queues: [rt.intake],
    poll: '5s',
    customFields: { intent: 'Category', confidence: 'RoutingConfidence' },
  };
  const teams = [
    { id: 'triage', name: 'Triage', owners: { rt: rt.triage } },
    { id: 'money', name: 'Money', owners: { rt: rt.money } },
  ];
  writeFileSync(file, JSON.stringify({ ...config, teams, connectors: { rt: connector } }));
}

/** Receives RT's webhooks, loses every other one of our tickets, and passes every fifth of the rest on twice. */
async function startRelay(intake: string) {
  const counts = { dropped: 0, forwarded: 0, duplicated: 0 };
  const relay = {
    target: null as string | null,
    counts,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  let arrived = 0;
  const pass = async (request: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    // Other tests create tickets at the same time.
    if (JSON.parse(body.toString()).queue !== intake) return;
    arrived += 1;
    if (arrived % 2 === 0) {
      counts.dropped += 1;
      return;
    }
    const isDuplicated = arrived % 10 === 1;
    if (isDuplicated) counts.duplicated += 1;
    const headers = {
      'content-type': 'application/json',
      'x-webhook-signature': String(request.headers['x-webhook-signature']),
    };
    for (let times = isDuplicated ? 2 : 1; times > 0; times -= 1) {
      if (relay.target === null) return;
      // A killed process receives nothing.
      const response = await fetch(relay.target, { method: 'POST', headers, body }).catch(() => null);
      if (response?.ok) counts.forwarded += 1;
    }
  };
  const server = createServer((request, response) => {
    void pass(request).finally(() => response.end());
  });
  await new Promise<void>((resolve) => server.listen(Number(TEST_RT_WEBHOOK_PORT), '127.0.0.1', resolve));
  return relay;
}

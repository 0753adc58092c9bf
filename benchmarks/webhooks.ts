// Measures how fast signed webhooks are acknowledged: the time until a helpdesk has its 2xx, by when the webhook is stored.
//   npm run bench:webhooks -- [--rates 200] [--seconds 30]
//     --database-url postgres://…   instead of the embedded store; the database should be empty and unused
//     --apart                       door and worker in two processes (needs --database-url)
//     --warm-up 20                  seconds at 50 webhooks a second before measuring: until then V8 compiles hot code
//     --save                        keeps the figures in benchmarks/results/
// Webhooks are sent at planned moments (open loop, Poisson), and their latency counts from the planned moment. Each is read,
// and its ticket decided, while others arrive. `newTickets`: each is about a new ticket. `knownTickets`: all are about a hundred
// tickets whose words do not change, as a helpdesk reports each of its own steps. Starts the real program in a new folder,
// without a key. Run this on a quiet machine; it prints the load. The goal: p99 of at most 50 ms at 200 a second.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type SignatureScheme, signatureHeaders } from '../src/connectors/signature.ts';
import { seededRandom } from '../src/evaluation/metrics/seeded-random.ts';
import { planPoisson, postAtMoments } from './http/open-loop.ts';
import { decideFirst, startProgram, stopProgram } from './http/start-program.ts';
import { readEventLoopMs, round, summarise } from './http/summary.ts';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '30' },
    'warm-up': { type: 'string', default: '20' },
    'database-url': { type: 'string' },
    apart: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const databaseUrl = values['database-url'];
if (values.apart && databaseUrl === undefined) throw new Error('--apart needs --database-url');
const root = join(import.meta.dirname, '..');
const note = (text: string) => process.stderr.write(`${text}\n`);

const KNOWN_TICKETS = 100;
/** Webhooks and tickets that wait longer than this are not waited for. */
const MAX_REST_MS = 180_000;
const secret = 'a secret of the benchmark';
const scheme: SignatureScheme = {
  algorithm: 'sha256',
  encoding: 'hex',
  header: 'x-signature',
  prefix: 'sha256=',
  timestamp: { header: 'x-time', format: 'milliseconds', separator: '.', toleranceMs: 300_000 },
};
const receive = {
  id: 'ticket.id',
  subject: 'ticket.title',
  body: 'ticket.text',
  requester: { email: 'ticket.from' },
  deliveryId: 'X-Delivery',
  signature: {
    ...{ header: 'X-Signature', prefix: 'sha256=' },
    timestamp: { header: 'X-Time', format: 'milliseconds', separator: '.' },
  },
};

/** Writes a configuration into the folder: the sample's intents, and a helpdesk that sends webhooks. */
function writeConfig(folder: string): string {
  const config = join(folder, 'switchboard.yaml');
  const text = `
taxonomy: ${join(root, 'sample/taxonomy.yaml')}
examples: [${join(root, 'sample/examples.jsonl')}]
teams: [{ id: triage, name: Triage }, { id: orders, name: Orders }]
routing: [{ name: orders, when: { intent: order-related }, then: { team: orders } }]
connectors: { desk: ${JSON.stringify({ type: 'webhook', receive })} }
`;
  writeFileSync(config, text);
  return config;
}

let sent = 0;
const webhook = (known: boolean) => {
  sent += 1;
  const id = known ? `known-${sent % KNOWN_TICKETS}` : `new-${sent}`;
  const text = `Where is my parcel ${id}? It is late, and I need it soon. I have written to you twice.`;
  return { event: 'changed', at: sent, ticket: { id, title: `Order ${id}`, text, from: `${id}@shop.example` } };
};

function push(url: string, options: { known: boolean; perSecond: number; seconds: number }) {
  const { known, perSecond, seconds } = options;
  return postAtMoments({
    url: `${url}/webhooks/desk`,
    moments: planPoisson({ perSecond, seconds, random: seededRandom(perSecond) }),
    bodyOf: () => webhook(known),
    headersOf: (body) => ({
      ...signatureHeaders({ scheme, secret, body, at: new Date() }),
      'x-delivery': `delivery-${sent}`,
    }),
  });
}

/** Milliseconds until no webhook and no ticket waits any more; null when that takes too long. */
async function untilRest(url: string): Promise<number | null> {
  const from = performance.now();
  for (let quiet = 0; performance.now() - from < MAX_REST_MS; await sleep(500)) {
    const { queue } = (await (await fetch(`${url}/readyz`)).json()) as { queue: { waiting: number; active: number } };
    quiet = queue.waiting + queue.active === 0 ? quiet + 1 : 0;
    if (quiet === 3) return Math.round(performance.now() - from);
  }
  return null;
}

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const config = writeConfig(folder);
  const env = { DATABASE_URL: databaseUrl ?? '', SWITCHBOARD_CONNECTORS__DESK__WEBHOOK_SECRET: secret };
  const start = (...command: string[]) => startProgram({ checkout: root, command, config, dataDir: folder, env });
  const loadBefore = round(loadavg()[0] ?? 0);
  try {
    const server = await start('serve', '--quiet', '--port', '0', ...(values.apart ? ['--no-worker'] : []));
    const worker = values.apart ? await start('work') : null;
    const { url } = server;
    note('Waiting until the engine is ready …');
    await decideFirst(server);
    note(`Warming up for ${values['warm-up']} s …`);
    await push(url, { known: false, perSecond: 50, seconds: Number(values['warm-up']) });
    await untilRest(url);
    const results: Record<string, unknown> = {};
    for (const perSecond of values.rates.split(',').map(Number)) {
      for (const kind of ['newTickets', 'knownTickets'] as const) {
        note(`${kind}: ${perSecond} webhooks a second for ${values.seconds} s …`);
        await readEventLoopMs(url);
        const answers = await push(url, { known: kind === 'knownTickets', perSecond, seconds: Number(values.seconds) });
        const eventLoopMs = await readEventLoopMs(url);
        results[`${kind}At${perSecond}PerSecond`] = {
          ...summarise(answers),
          eventLoopMs,
          restMs: await untilRest(url),
        };
      }
    }
    await stopProgram(server);
    if (worker !== null) await stopProgram(worker);
    return { loadBefore, ...results, loadAfter: round(loadavg()[0] ?? 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const store = databaseUrl === undefined ? 'embedded' : values.apart ? 'postgresql-apart' : 'postgresql';
const machine = `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores`;
const result = { store, measuredAt: new Date().toISOString(), machine, webhooks: await measure() };
const text = `${JSON.stringify(result, null, 2)}\n`;
if (values.save) writeFileSync(join(root, 'benchmarks/results', `webhooks-${store}.json`), text);
process.stdout.write(text);

// Measures tickets a second through the whole pipeline in one process: intake, queue, embedded engine, rules, file connector.
//   npm run bench:pipeline -- [--tickets 2000] [--database-url postgres://…] [--embedder embedded|none]
// Without an address it measures the embedded store. The database should be empty and not used for anything else.
// `--embedder none` skips the sentence embedding, which takes most of the engine's time, to measure the pipeline itself.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { readSampleInbox } from '../src/cli/serve/play-inbox.ts';
import { loadConfig } from '../src/config/load-config.ts';

const { values } = parseArgs({
  options: {
    tickets: { type: 'string', default: '2000' },
    'database-url': { type: 'string' },
    embedder: { type: 'string', default: 'embedded' },
  },
});
const total = Number(values.tickets);
const databaseUrl = values['database-url'];

const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-pipeline-'));
const config = await loadConfig({
  cwd: dataDir,
  env: databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl },
  overrides: {
    classifier: 'local',
    dataDir,
    retrieval: { embedder: values.embedder === 'none' ? 'none' : 'embedded' },
  },
});
const app = await createApp({ config });
const inbox = await readSampleInbox();
const run = Date.now().toString(36);
const send = (index: number) => {
  const ticket = inbox[index % inbox.length];
  if (ticket === undefined) throw new Error('the sample inbox is empty');
  return app.intake({
    connector: 'api',
    actor: { kind: 'system', id: 'benchmark' },
    ticket: { ...ticket, id: `${run}-${index}`, source: undefined },
  });
};

/** Two promises that resolve when this many tickets have been decided, and delivered. */
function watch(count: number): { decided: Promise<void>; delivered: Promise<void> } {
  const decided = Promise.withResolvers<void>();
  const delivered = Promise.withResolvers<void>();
  let [decidedCount, deliveredCount] = [0, 0];
  const unsubscribe = app.events.subscribe({
    onEvent: ({ event }) => {
      if (event === 'decided' && ++decidedCount === count) decided.resolve();
      if (event === 'delivered' && ++deliveredCount === count) {
        delivered.resolve();
        unsubscribe();
      }
    },
  });
  return { decided: decided.promise, delivered: delivered.promise };
}

const load = loadavg()[0]?.toFixed(1);
await app.startWorker();
const warmUp = watch(100);
await Promise.all(Array.from({ length: 100 }, (_, index) => send(-1 - index + 1_000_000)));
await warmUp.delivered;

const watched = watch(total);
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
const seconds = () => (performance.now() - startedAt) / 1_000;
let next = 0;
await Promise.all(
  Array.from({ length: 64 }, async () => {
    while (next < total) await send(next++);
  }),
);
const intakeSeconds = seconds();
await watched.decided;
const decidedSeconds = seconds();
await watched.delivered;
const deliveredSeconds = seconds();
const cpu = process.cpuUsage(cpuBefore);

const perSecond = (elapsed: number) => Math.round(total / elapsed);
console.log(
  JSON.stringify(
    {
      store: app.store.kind,
      embedder: values.embedder,
      tickets: total,
      intakePerSecond: perSecond(intakeSeconds),
      decidedPerSecond: perSecond(decidedSeconds),
      deliveredPerSecond: perSecond(deliveredSeconds),
      // Processor time of this process and its threads; more reliable than the rates when others use the machine.
      cpuMillisecondsPerTicket: Number(((cpu.user + cpu.system) / 1_000 / total).toFixed(2)),
      rssMegabytes: Math.round(process.memoryUsage().rss / 1e6),
      loadBefore: load,
    },
    null,
    1,
  ),
);
await app.close();
await rm(dataDir, { recursive: true });

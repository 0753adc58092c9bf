// Runs the real server for minutes under load, on the embedded store and on PostgreSQL, and kills and restarts it.
//   npm run soak -- [--minutes 5] [--kill-minutes 2] [--rate 20] [--database-url postgres://…] [--only embedded|postgresql]
//     --minutes        undisturbed, for each store; memory counts after the first, in which the program warms up
//     --kill-minutes   before that, with kills and restarts
//     --rate           tickets a second, sent at planned moments (open loop, Poisson)
//     --database-url   a server on which a database of its own is made and dropped
// Fails unless each accepted ticket is decided and delivered exactly once, no error is logged, no request fails while the
// server is up, and memory does not grow steadily. The figures go to benchmarks/results/soak.json.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/evaluation/metrics/seeded-random.ts';
import { findNotDecidedOnce, findRepeatedDeliveries } from '../src/testing/decided-once.ts';
import { writeShop } from '../src/testing/shop-folder.ts';
import { shopExamples } from '../src/testing/small-taxonomy.ts';
import { createDatabaseOn } from '../src/testing/test-stores.ts';
import { planPoisson, postAtMoments, quantile, type Sent } from './http/open-loop.ts';
import { readTreeMemoryMb } from './http/process-memory.ts';
import { growsSteadily, mediansByThird } from './soak/memory-growth.ts';
import { type SoakServer, startSoakServer } from './soak/soak-server.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    'kill-minutes': { type: 'string', default: '2' },
    rate: { type: 'string', default: '20' },
    'database-url': { type: 'string' },
    only: { type: 'string' },
  },
});
const seconds = Number(values.minutes) * 60;
const killSeconds = Number(values['kill-minutes']) * 60;
const perSecond = Number(values.rate);
const serverUrl = values['database-url'];
/** Between two kills; each is by SIGKILL or, every third time, by SIGTERM. */
const KILL_EVERY_SECONDS = 15;
const MEMORY_EVERY_SECONDS = 2;
const WARM_UP_SECONDS = 60;
/** PostgreSQL gives the jobs of a killed process back when its heartbeat is missed, and retries wait longer and longer. */
const DECIDED_WITHIN_SECONDS = 180;
const note = (text: string) => process.stderr.write(`${text}\n`);
const round = (value: number) => Math.round(value * 10) / 10;
const bodies = shopExamples().map(({ body }) => body);

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

type Phase = { readonly ids: readonly string[]; readonly sent: readonly Sent[] };

async function soak(kind: 'embedded' | 'postgresql') {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-soak-'));
  const problems: string[] = [];
  const database = kind === 'embedded' || serverUrl === undefined ? null : await createDatabaseOn(serverUrl);
  const random = seededRandom(kind.length);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const start = () =>
    startSoakServer({
      ...{ cwd: folder, port, databaseUrl: database?.databaseUrl ?? null },
      onProblem: (problem) => problems.push(problem),
    });
  let server: SoakServer | null = null;
  let sentTickets = 0;
  const send = async (forSeconds: number): Promise<Phase> => {
    const moments = planPoisson({ perSecond, seconds: forSeconds, random });
    const first = sentTickets;
    sentTickets += moments.length;
    const ids = moments.map((_, index) => `soak-${first + index}`);
    const bodyOf = (index: number) => {
      const id = ids[index] ?? '';
      return { id, subject: `Order ${id}`, body: `${bodies[index % bodies.length]} My order is ${id}.` };
    };
    return { ids, sent: await postAtMoments({ url: `${url}/v1/tickets`, moments, bodyOf }) };
  };
  const isAccepted = ({ status }: Sent) => status === 202 || status === 200;
  const loadBefore = round(loadavg()[0] ?? 0);
  try {
    writeShop(folder);
    server = await start();
    const restartsMs: number[] = [];

    note(`${kind}: ${killSeconds} s with a kill every ${KILL_EVERY_SECONDS} s …`);
    const disturbed = send(killSeconds);
    const until = performance.now() + (killSeconds - KILL_EVERY_SECONDS) * 1_000;
    while (performance.now() < until) {
      await sleep(KILL_EVERY_SECONDS * 1_000 * (0.5 + random()));
      await server.stop(restartsMs.length % 3 === 2 ? 'SIGTERM' : 'SIGKILL');
      server = await start();
      restartsMs.push(server.startedMs);
    }
    const whileKilled = await disturbed;

    note(`${kind}: ${seconds} s undisturbed …`);
    const memoryMb: number[] = [];
    const { pid } = server;
    const undisturbedSince = performance.now();
    const reading = setInterval(() => {
      if (performance.now() - undisturbedSince < WARM_UP_SECONDS * 1_000) return;
      const read = readTreeMemoryMb(pid);
      if (read !== null) memoryMb.push(read);
    }, MEMORY_EVERY_SECONDS * 1_000);
    const undisturbed = await send(seconds);
    clearInterval(reading);

    const phases = [whileKilled, undisturbed];
    const accepted = phases.flatMap(({ ids, sent }) => ids.filter((_, index) => isAccepted(sent[index]!)));
    note(`${kind}: waiting until ${accepted.length} accepted tickets are decided …`);
    const waitingSince = performance.now();
    let wrong = await findNotDecidedOnce({ url, ids: accepted });
    while (wrong.size > 0 && performance.now() - waitingSince < DECIDED_WITHIN_SECONDS * 1_000) {
      await sleep(1_000);
      wrong = await findNotDecidedOnce({ url, ids: wrong.keys() });
    }
    const decidedAfterSeconds = round((performance.now() - waitingSince) / 1_000);
    await server.stop('SIGTERM');

    for (const [id, history] of wrong) problems.push(`${id} was not decided exactly once: ${history}`);
    const repeated = findRepeatedDeliveries(join(folder, '.switchboard/outbox/api.jsonl'));
    problems.push(...repeated.map((found) => `delivered more than once: ${found}`));
    const failed = undisturbed.sent.filter((sent) => !isAccepted(sent)).length;
    if (failed > 0) problems.push(`${failed} requests failed although the server was up`);
    const thirds = mediansByThird(memoryMb);
    if (growsSteadily(memoryMb)) problems.push(`memory grows steadily: ${thirds.join(', ')} MB`);
    const latencies = undisturbed.sent.map(({ latencyMs }) => latencyMs);
    return {
      problems,
      loadBefore,
      loadAfter: round(loadavg()[0] ?? 0),
      sent: sentTickets,
      accepted: accepted.length,
      acceptedWhileKilled: whileKilled.sent.filter(isAccepted).length,
      notDecidedOnce: wrong.size,
      deliveredTwice: repeated.length,
      decidedAfterSeconds,
      restarts: restartsMs.length,
      restartMs: { p50: Math.round(quantile(restartsMs, 0.5)), max: Math.round(Math.max(...restartsMs)) },
      undisturbedLatencyMs: {
        p50: round(quantile(latencies, 0.5)),
        p99: round(quantile(latencies, 0.99)),
        max: round(Math.max(...latencies)),
      },
      memoryMb: { byThird: thirds, max: Math.max(...memoryMb) },
    };
  } finally {
    await server?.stop('SIGKILL');
    await database?.drop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const kinds = (['embedded', 'postgresql'] as const).filter(
  (kind) => (values.only ?? kind) === kind && (kind === 'embedded' || serverUrl !== undefined),
);
const stores: Record<string, Awaited<ReturnType<typeof soak>>> = {};
for (const kind of kinds) stores[kind] = await soak(kind);
const result = {
  command: `npm run soak -- --minutes ${values.minutes} --kill-minutes ${values['kill-minutes']} --rate ${values.rate}${serverUrl === undefined ? '' : ' --database-url …'}`,
  measuredAt: new Date().toISOString(),
  machine: `Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores`,
  stores,
};
const text = `${JSON.stringify(result, null, 2)}\n`;
writeFileSync(join(import.meta.dirname, 'results/soak.json'), text);
process.stdout.write(text);
if (Object.values(stores).some(({ problems }) => problems.length > 0)) process.exitCode = 1;

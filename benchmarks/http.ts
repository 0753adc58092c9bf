// Measures the server as its users see it: time until it listens, time until the first ticket is decided, latency of
// POST /v1/tickets while tickets are decided, and memory.
//   npm run bench:http -- [--rates 50,200] [--seconds 20] [--burst 200] [--idle 60] [--apart]
//     --database-url postgres://…   instead of the embedded store; the database should be empty and unused
//     --apart                       door and worker in two processes (needs --database-url)
//     --only start,posts,memory     only these parts
//     --against FOLDER              a clone of another version whose packages are installed (npm ci), measured first in the
//                                   same run: git worktree add /tmp/before HEAD~1 && npm ci --prefix /tmp/before
//     --save                        keeps the figures in benchmarks/results/
//     --warm-up 20                  seconds at 50 tickets a second before measuring: until then V8 compiles hot code,
//                                   the database's too
// Requests are sent at planned moments (open loop, Poisson), and their latency counts from the planned moment. Starts the
// real program in a new folder, without a key. Run this on a quiet machine; it prints the load.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/evaluation/metrics/seeded-random.ts';
import { planBurst, planPoisson, postAtMoments } from './http/open-loop.ts';
import { readTreeMemoryMb } from './http/process-memory.ts';
import { decideFirst, type Started, startProgram, stopProgram } from './http/start-program.ts';
import { readEventLoopMs, round, summarise } from './http/summary.ts';
import { otherCheckout } from './other-checkout.ts';

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '50,200' },
    seconds: { type: 'string', default: '20' },
    burst: { type: 'string', default: '200' },
    idle: { type: 'string', default: '60' },
    'warm-up': { type: 'string', default: '20' },
    only: { type: 'string', default: 'start,posts,memory' },
    'database-url': { type: 'string' },
    apart: { type: 'boolean', default: false },
    against: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const databaseUrl = values['database-url'];
if (values.apart && databaseUrl === undefined) throw new Error('--apart needs --database-url');
const parts = new Set(values.only.split(','));
const root = join(import.meta.dirname, '..');
const note = (text: string) => process.stderr.write(`${text}\n`);

/** A checkout of the program, and the data folder that it works on. */
type Program = { readonly checkout: string; readonly dataDir: string };

const start = (command: readonly string[], program: Program): Promise<Started> =>
  startProgram({
    ...program,
    command,
    config: join(program.checkout, 'sample/switchboard.yaml'),
    env: { DATABASE_URL: databaseUrl ?? '' },
  });

const run = Date.now().toString(36);
let sentTickets = 0;
const nextTicket = () => {
  sentTickets += 1;
  const body = `Where is my parcel number ${sentTickets}? It is late, and I need it by ${sentTickets % 28} June.`;
  return { id: `bench-${run}-${sentTickets}`, subject: `Order ${sentTickets}`, body };
};

const post = (url: string, moments: readonly number[]) =>
  postAtMoments({ url: `${url}/v1/tickets`, moments, bodyOf: nextTicket });

const serve = ['serve', '--quiet', '--port', '0', ...(values.apart ? ['--no-worker'] : [])];

async function measureStart(program: Program) {
  note('First start: an empty data folder …');
  const first = await start(serve, program);
  const firstDecidedMs = values.apart ? null : Math.round(first.listeningMs + (await decideFirst(first)));
  await stopProgram(first);
  return { listeningMs: Math.round(first.listeningMs), firstDecidedMs };
}

async function measurePosts(url: string) {
  note(`Warming up for ${values['warm-up']} s …`);
  await post(url, planPoisson({ perSecond: 50, seconds: Number(values['warm-up']), random: seededRandom(0) }));
  const posts: Record<string, unknown> = {};
  for (const perSecond of values.rates.split(',').map(Number)) {
    note(`POST /v1/tickets, ${perSecond} a second for ${seconds} s …`);
    await readEventLoopMs(url);
    const sent = await post(url, planPoisson({ perSecond, seconds, random: seededRandom(perSecond) }));
    posts[`${perSecond}PerSecond`] = { ...summarise(sent), eventLoopMs: await readEventLoopMs(url) };
    await sleep(2_000);
  }
  note(`POST /v1/tickets, ${values.burst} at once …`);
  posts[`burstOf${values.burst}`] = summarise(await post(url, planBurst(Number(values.burst))));
  return posts;
}

async function measure(checkout: string) {
  const program: Program = { checkout, dataDir: mkdtempSync(join(tmpdir(), 'switchboard-bench-')) };
  const loadBefore = round(loadavg()[0] ?? 0);
  try {
    const firstStart = parts.has('start') ? await measureStart(program) : undefined;
    note('Warm start: the same folder …');
    const server = await start(serve, program);
    const worker = values.apart ? await start(['work'], program) : null;
    const warmStart = {
      listeningMs: Math.round(server.listeningMs),
      firstDecidedMs: Math.round(server.listeningMs + (await decideFirst(server))),
    };
    const readMemory = () => ({
      server: readTreeMemoryMb(server.child.pid ?? 0),
      ...(worker && { worker: readTreeMemoryMb(worker.child.pid ?? 0) }),
    });
    const rest = async () => {
      note(`Waiting ${values.idle} s, then reading the memory …`);
      await sleep(Number(values.idle) * 1_000);
      return readMemory();
    };
    const idleMemoryMb = parts.has('memory') ? await rest() : undefined;
    const posts = parts.has('posts') ? await measurePosts(server.url) : undefined;
    const busyMemoryMb = posts && readMemory();
    const memoryAfterwardsMb = posts && parts.has('memory') ? await rest() : undefined;
    await stopProgram(server);
    if (worker !== null) await stopProgram(worker);
    const loadAfter = round(loadavg()[0] ?? 0);
    return { loadBefore, firstStart, warmStart, idleMemoryMb, posts, busyMemoryMb, memoryAfterwardsMb, loadAfter };
  } finally {
    rmSync(program.dataDir, { recursive: true, force: true });
  }
}

const store = databaseUrl === undefined ? 'embedded' : values.apart ? 'postgresql-apart' : 'postgresql';
const machine = `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores`;
const { against } = values;
const before = against === undefined ? undefined : await measure(otherCheckout(against));
const result = { store, measuredAt: new Date().toISOString(), machine, before, now: await measure(root) };
const text = `${JSON.stringify(result, null, 2)}\n`;
if (values.save) writeFileSync(join(root, 'benchmarks/results', `http-${store}.json`), text);
process.stdout.write(text);

// Measures how fast the embedded engine is, and whether it blocks the thread that serves HTTP.
//   npm run bench:embedded-engine
// Uses banking77 (benchmarks/data/README.md). Run it on a quiet machine; it prints the load.
import { cpus, loadavg } from 'node:os';
import { createLocalClassifier } from '../src/classifiers/local/create-local-classifier.ts';
import { percentile } from '../src/evaluation/metrics/percentile.ts';
import { splitsOf } from './accuracy/data-sets.ts';

const LONG_WORDS = 325;
const SHORT_TICKETS = 500;
const LONG_TICKETS = 30;

const split = splitsOf('banking77').at(-1);
if (split === undefined) throw new Error('The data set banking77 is missing. See benchmarks/data/README.md.');
const { taxonomy, train, test } = split;
const load = () => loadavg()[0]?.toFixed(1);
console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${load()}`);

// CPU time of the main thread between two turns of its event loop; other processes do not affect it.
const TICK_MS = 2;
let longestTurnMs = 0;
let cpuAtTick = threadCpuMs();
const ticker = setInterval(() => {
  const now = threadCpuMs();
  longestTurnMs = Math.max(longestTurnMs, now - cpuAtTick);
  cpuAtTick = now;
}, TICK_MS);
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const classifier = await createLocalClassifier({
  taxonomy,
  examples: train,
  cacheDir: null,
  confidence: { targetPrecision: 0.95 },
});
const cpu = process.cpuUsage(cpuBefore);
const cpuSeconds = (cpu.user + cpu.system) / 1e6;
console.log(
  `${train.length} examples encoded and trained in ${seconds(startedAt)} s (${cpuSeconds.toFixed(1)} s of CPU)`,
);

const classify = (body: string) => classifier.classify({ ticket: { id: 't', body }, taxonomy });
const bodies = test.map(({ body }) => body ?? '');
await report('short tickets', bodies.slice(0, SHORT_TICKETS));
const words = bodies.join(' ').split(' ');
const long = Array.from({ length: LONG_TICKETS }, (_, i) =>
  words.slice(i * LONG_WORDS, (i + 1) * LONG_WORDS).join(' '),
);
await report(`tickets of ${LONG_WORDS} words`, long);

const taughtAt = performance.now();
const news = { id: 'new', intent: train[0]?.intent ?? '', body: 'The zebra ate my voucher booklet' };
await classifier.teach([{ example: news, quotable: false }]);
const { found } = await classifier.index.search({
  text: 'zebra voucher booklet',
  k: 1,
  perIntent: 1,
  minSimilarity: 0,
});
const foundSeconds = seconds(taughtAt);
let during = 0;
const settled = classifier.settled().then(() => true);
while (!(await Promise.race([settled, classify('Where is my card?').then(() => false)]))) during++;
console.log(
  `a new example: found ${found[0]?.example.id === 'new'} after ${foundSeconds} s, learned after ${seconds(taughtAt)} s`,
);
console.log(`tickets answered meanwhile: ${during}`);
console.log(`longest work of the main thread between two turns: ${longestTurnMs.toFixed(1)} ms of CPU`);
clearInterval(ticker);
console.log(`load now ${load()}`);
await classifier.close();

async function report(name: string, tickets: readonly string[]): Promise<void> {
  for (const body of tickets.slice(0, 20)) await classify(body);
  const times: number[] = [];
  for (const body of tickets) {
    const from = performance.now();
    await classify(body);
    times.push(performance.now() - from);
  }
  console.log(`${name}: p50 ${percentile(times, 0.5)?.toFixed(1)} ms, p95 ${percentile(times, 0.95)?.toFixed(1)} ms`);
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

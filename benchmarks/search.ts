// Measures searches for examples in the embedded engine among 10,000 examples, with its model trained and nothing else to do:
//   npm run bench:search
// (a) 50 under way all the time, texts whose vectors are known; (b) 50 arrivals a second of unread texts, Poisson, each timed
// from the moment it was planned for; (c) 50 unread texts at the same moment. Checks that every search under load finds what it
// finds alone. Uses banking77 (benchmarks/data/README.md); it prints the load and the processor time.
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createLocalClassifier } from '../src/classifiers/local/create-local-classifier.ts';
import { createRandom } from '../src/classifiers/local/random.ts';
import { percentile } from '../src/evaluation/metrics/percentile.ts';
import { splitsOf } from './accuracy/data-sets.ts';

const UNDER_WAY = 50;
const SEARCHES = 4_000;
const ARRIVALS_PER_SECOND = 50;
const SECONDS = 12;
const BURSTS = 10;
/** More texts than the cache of vectors has would be read again. */
const KNOWN_TEXTS = 500;

const split = splitsOf('banking77').at(-1);
if (split === undefined) throw new Error('The data set banking77 is missing. See benchmarks/data/README.md.');
const { taxonomy, train, test } = split;
const load = () => loadavg()[0]?.toFixed(1);
console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${load()}`);
const { index, close } = await createLocalClassifier({
  taxonomy,
  examples: train,
  cacheDir: join(tmpdir(), 'switchboard-bench-search'),
  confidence: { targetPrecision: 0.95 },
});
console.log(`${train.length} examples, a search for 5`);
const bodies = test.map(({ body }) => body ?? '');
const search = (text: string) => index.search({ text, language: 'en', k: 5, perIntent: 2, minSimilarity: 0 });

const known = bodies.slice(0, KNOWN_TEXTS);
const alone = new Map<string, unknown>();
for (const text of known) alone.set(text, await search(text));
let different = 0;
const results: { text: string; found: unknown }[] = [];
let next = 0;
await report(`(a) ${UNDER_WAY} under way, known vectors`, async (times) => {
  const work = async () => {
    while (next < SEARCHES) {
      const text = known[next++ % known.length] ?? '';
      const from = performance.now();
      const found = await search(text);
      times.push(performance.now() - from);
      results.push({ text, found });
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, work));
});
for (const { text, found } of results) if (!isDeepStrictEqual(found, alone.get(text))) different++;
console.log(`    ${different} of ${SEARCHES} found something else than alone`);

const random = createRandom(7);
let unread = 0;
/** A text that nobody has read: of a test ticket, with a number. */
const unreadText = () => `${bodies[unread % bodies.length]} ${unread++}`;
await report(`(b) ${ARRIVALS_PER_SECOND} unread texts a second`, async (times) => {
  const all: Promise<unknown>[] = [];
  const begin = performance.now();
  for (let planned = begin; planned < begin + SECONDS * 1_000; ) {
    planned += (-Math.log(1 - random()) * 1_000) / ARRIVALS_PER_SECOND;
    const at = planned;
    const wait = at - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    all.push(search(unreadText()).then(() => times.push(performance.now() - at)));
  }
  await Promise.all(all);
});
await report(`(c) ${UNDER_WAY} unread texts at once`, async (times) => {
  for (let burst = 0; burst < BURSTS; burst++) {
    const from = performance.now();
    const texts = Array.from({ length: UNDER_WAY }, unreadText);
    await Promise.all(texts.map((text) => search(text).then(() => times.push(performance.now() - from))));
  }
});
await close();

async function report(name: string, run: (times: number[]) => Promise<void>): Promise<void> {
  const times: number[] = [];
  const before = process.cpuUsage();
  await run(times);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1_000 / times.length;
  const at = (share: number) => `${percentile(times, share)?.toFixed(1)} ms`;
  console.log(
    `${name}: p50 ${at(0.5)}, p99 ${at(0.99)} of ${times.length}, processor time ${cpuMs.toFixed(2)} ms each; load ${load()}`,
  );
}

// Measures searches for examples in the embedded engine among 10,000 examples, with its model trained:
//   npm run bench:search -- [--against FOLDER]
//     --against FOLDER   a clone of another version whose packages are installed (npm ci), measured first in the same run:
//                        git worktree add /tmp/before HEAD~1 && npm ci --prefix /tmp/before
// (a) 50 under way all the time, texts whose vectors are known, after 1,000 that are not counted, as V8 compiles meanwhile; (b) 50 arrivals a second of unread texts, Poisson, each timed
// from the moment it was planned for; (c) 50 unread texts at the same moment. First with nothing else to do, then while 40 tickets
// a second are classified beside. Checks that every search under load finds what it finds alone, after the timing. Uses banking77
// (benchmarks/data/README.md); it prints the load and the processor time of the whole process.
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { createRandom } from '../src/classifiers/local/random.ts';
import { percentile } from '../src/evaluation/metrics/percentile.ts';
import { splitsOf } from './accuracy/data-sets.ts';
import { otherCheckout } from './other-checkout.ts';

const UNDER_WAY = 50;
const SEARCHES = 8_000;
const WARM_UP = 1_000;
const ARRIVALS_PER_SECOND = 50;
const TICKETS_PER_SECOND = 40;
const SECONDS = 8;
const BURSTS = 10;
/** More texts than the cache of vectors has would be read again: tickets have vectors too. */
const KNOWN_TEXTS = 300;

const { values } = parseArgs({ options: { against: { type: 'string' }, checkout: { type: 'string' } } });
const here = join(import.meta.dirname, '..');
const load = () => loadavg()[0]?.toFixed(1);
if (values.checkout !== undefined) await measure(values.checkout);
else {
  console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${load()}`);
  for (const checkout of values.against === undefined ? [here] : [otherCheckout(values.against), here]) {
    const { status } = spawnSync(process.execPath, [import.meta.filename, '--checkout', checkout], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(1);
  }
}

async function measure(checkout: string): Promise<void> {
  const split = splitsOf('banking77').at(-1);
  if (split === undefined) throw new Error('The data set banking77 is missing. See benchmarks/data/README.md.');
  const { taxonomy, train, test } = split;
  // The other checkout has this file and what it exports, at least as far as it is used here.
  const engine = (await import(
    join(checkout, 'src/classifiers/local/create-local-classifier.ts')
  )) as typeof import('../src/classifiers/local/create-local-classifier.ts');
  const { index, classify, close } = await engine.createLocalClassifier({
    taxonomy,
    examples: train,
    cacheDir: join(tmpdir(), 'switchboard-bench-search'),
    confidence: { targetPrecision: 0.95 },
  });
  console.log(`${checkout}: ${train.length} examples, a search for 5`);
  const bodies = test.map(({ body }) => body ?? '');
  const search = (text: string) => index.search({ text, language: 'en', k: 5, perIntent: 2, minSimilarity: 0 });
  const random = createRandom(7);
  let unread = 0;
  /** A text that nobody has read: of a test ticket, with a number. */
  const unreadText = () => `${bodies[unread % bodies.length]} ${unread++}`;

  /** Starts work at planned moments, and resolves when all of it is done. */
  async function arrive({ perSecond, until, begin }: Arrivals): Promise<void> {
    const all: Promise<unknown>[] = [];
    for (let planned = performance.now(); !until(planned); ) {
      planned += (-Math.log(1 - random()) * 1_000) / perSecond;
      await sleep(Math.max(0, planned - performance.now()));
      all.push(begin(planned));
    }
    await Promise.all(all);
  }

  const known = bodies.slice(0, KNOWN_TEXTS);
  const alone = new Map<string, unknown>();
  for (const text of known) alone.set(text, await search(text));
  const results: { text: string; found: unknown }[] = [];
  const searchAll = async (times: number[], count: number) => {
    let next = 0;
    const work = async () => {
      while (next < count) {
        const text = known[next++ % known.length] ?? '';
        const from = performance.now();
        const found = await search(text);
        times.push(performance.now() - from);
        results.push({ text, found });
      }
    };
    await Promise.all(Array.from({ length: UNDER_WAY }, work));
  };
  await searchAll([], WARM_UP);
  const allUnderWay = (times: number[]) => searchAll(times, SEARCHES);
  const arriving = (times: number[]) => {
    const end = performance.now() + SECONDS * 1_000;
    return arrive({
      perSecond: ARRIVALS_PER_SECOND,
      until: (planned) => planned > end,
      begin: (planned) => search(unreadText()).then(() => times.push(performance.now() - planned)),
    });
  };
  const atOnce = async (times: number[]) => {
    for (let burst = 0; burst < BURSTS; burst++) {
      const from = performance.now();
      const texts = Array.from({ length: UNDER_WAY }, unreadText);
      await Promise.all(texts.map((text) => search(text).then(() => times.push(performance.now() - from))));
    }
  };

  async function report(name: string, run: (times: number[]) => Promise<void>, isBeside: boolean): Promise<void> {
    const times: number[] = [];
    const ticketTimes: number[] = [];
    let isOver = !isBeside;
    const ticket = async (planned: number) => {
      const id = `ticket ${unread}`;
      await classify({ ticket: { id, body: unreadText() }, taxonomy });
      ticketTimes.push(performance.now() - planned);
    };
    const tickets = arrive({ perSecond: TICKETS_PER_SECOND, until: () => isOver, begin: ticket });
    const before = process.cpuUsage();
    const from = performance.now();
    await run(times);
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - from) / 1_000;
    isOver = true;
    await tickets;
    const at = (list: readonly number[], share: number) => `${percentile(list, share)?.toFixed(1)} ms`;
    const processor = isBeside
      ? `${((user + system) / 1e6 / seconds).toFixed(2)} of ${cpus().length} processors, tickets p50 ${at(ticketTimes, 0.5)}`
      : `processor time ${((user + system) / 1_000 / times.length).toFixed(2)} ms each`;
    console.log(
      `  ${name}: p50 ${at(times, 0.5)}, p99 ${at(times, 0.99)} of ${times.length}, ${processor}; load ${load()}`,
    );
  }

  for (const isBeside of [false, true]) {
    console.log(
      isBeside ? `  while ${TICKETS_PER_SECOND} tickets a second are classified:` : '  with nothing else to do:',
    );
    // What was measured before has driven their vectors out of the cache.
    for (const text of known) await search(text);
    await report(`(a) ${UNDER_WAY} under way, known vectors`, allUnderWay, isBeside);
    await report(`(b) ${ARRIVALS_PER_SECOND} unread texts a second`, arriving, isBeside);
    await report(`(c) ${UNDER_WAY} unread texts at once`, atOnce, isBeside);
  }
  await close();
  const different = results.filter(({ text, found }) => !isDeepStrictEqual(found, alone.get(text))).length;
  console.log(`  ${different} of ${results.length} found something else than alone`);
}

type Arrivals = {
  readonly perSecond: number;
  readonly until: (planned: number) => boolean;
  readonly begin: (planned: number) => Promise<unknown>;
};

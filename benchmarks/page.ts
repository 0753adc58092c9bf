// Measures the page in a real browser on a store with many tickets: when something is first painted, how smoothly the inbox
// scrolls down to the last ticket, how soon a new ticket appears, and how large the built page is.
//   npm run bench:page -- [--tickets 50000] [--chromium /usr/bin/chromium] [--save]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { findPageDir } from '../src/http/page-files.ts';
import { openQueue } from '../src/queue/open-queue.ts';
import { openStore } from '../src/store/open-store.ts';
import { fillStore } from '../src/testing/fill-store.ts';
import { startProgram, stopProgram } from './http/start-program.ts';

const { values } = parseArgs({
  options: {
    tickets: { type: 'string', default: '50000' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    save: { type: 'boolean', default: false },
  },
});
const root = join(import.meta.dirname, '..');
const ticketCount = Number(values.tickets);
/** Two screens of tickets in each frame: faster than anybody reads, as a dragged scroll bar. */
const PIXELS_A_FRAME = 1_500;
const PAINTS = 5;
const ARRIVALS = 10;

function quantiles(numbers: readonly number[]) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Bytes as sent with gzip, by what is loaded at once and what is loaded with a page of its own. */
function sizes(dir: string) {
  const assets = join(dir, 'assets');
  const bytes = (name: string) => gzipSync(readFileSync(join(assets, name)), { level: 9 }).length;
  const first = [...readFileSync(join(dir, 'index.html'), 'utf8').matchAll(/assets\/([^"]+)/g)].map(
    ([, name = '']) => name,
  );
  const all = readdirSync(assets);
  const sum = (names: readonly string[]) => Math.round(names.reduce((total, name) => total + bytes(name), 0) / 1_000);
  return { atOnceKb: sum(first), allKb: sum(all) };
}

async function firstPaint(page: Page, url: string): Promise<{ paintMs: number; ticketsMs: number }> {
  await page.goto(`${url}/tickets`);
  await page.locator('a[href^="/tickets/"]').nth(3).waitFor();
  return page.evaluate(() => ({
    paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    ticketsMs: performance.now(),
  }));
}

/** Scrolls to the end, some pixels a frame, and returns the milliseconds of each frame. A text: it runs in the browser. */
const scrollDown = (page: Page, pixelsAFrame: number) =>
  page.evaluate<{ frames: number[]; rows: number }>(`new Promise((resolve) => {
    const list = document.querySelector('ul[aria-label]').parentElement;
    const frames = [];
    let before = performance.now();
    let still = 0;
    const next = (now) => {
      frames.push(now - before);
      before = now;
      const top = list.scrollTop;
      list.scrollTop += ${pixelsAFrame};
      // At the end of what is loaded, the next page is on its way.
      still = list.scrollTop === top ? still + 1 : 0;
      if (still < 120) requestAnimationFrame(next);
      else resolve({ frames: frames.slice(1, -120), rows: Math.round(list.firstElementChild.clientHeight / list.firstElementChild.firstElementChild.clientHeight) });
    };
    requestAnimationFrame(next);
  })`);

const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-page-'));
const store = await openStore({ databaseUrl: null, dataDir });
const queue = await openQueue({ connection: store.connection });
await fillStore({ store, tickets: ticketCount, examples: 0, onProgress: (step) => process.stderr.write(`\r${step} `) });
await queue.close();
await store.close();
const program = await startProgram({
  checkout: root,
  command: ['serve', '--port', '0', '--quiet'],
  config: join(root, 'sample/switchboard.yaml'),
  dataDir,
});
const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox', '--disable-quic'] });
try {
  const paints = [];
  for (let i = 0; i < PAINTS; i++) {
    const context = await browser.newContext({ viewport: { width: 1_400, height: 900 } });
    paints.push(await firstPaint(await context.newPage(), program.url));
    await context.close();
  }
  const page = await browser.newPage({ viewport: { width: 1_400, height: 900 } });
  await firstPaint(page, program.url);
  const { frames, rows } = await scrollDown(page, PIXELS_A_FRAME);
  const appear = [];
  const watcher = await browser.newPage({ viewport: { width: 1_400, height: 900 } });
  await firstPaint(watcher, program.url);
  for (let i = 0; i < ARRIVALS; i++) {
    const subject = `New ${i} ${Date.now()}`;
    const sentAt = performance.now();
    await fetch(`${program.url}/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subject, body: 'Where is my parcel?' }),
    });
    await watcher.getByText(subject).first().waitFor();
    appear.push(performance.now() - sentAt);
  }
  const pageDir = findPageDir();
  const figures = {
    measuredAt: new Date().toISOString(),
    machine: `Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`,
    tickets: ticketCount,
    gzip: pageDir === null ? null : sizes(pageDir),
    firstPaintMs: quantiles(paints.map(({ paintMs }) => paintMs)),
    ticketsShownMs: quantiles(paints.map(({ ticketsMs }) => ticketsMs)),
    scroll: {
      rows,
      frames: frames.length,
      frameMs: quantiles(frames),
      over50Ms: frames.filter((ms) => ms > 50).length,
    },
    appearsAfterMs: quantiles(appear),
  };
  console.log(JSON.stringify(figures, null, 2));
  if (values.save) writeFileSync(join(root, 'benchmarks/results/page.json'), `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await browser.close();
  await stopProgram(program);
  await rm(dataDir, { recursive: true, force: true });
}

// Measures the HTTP server: POST /v1/tickets at a steady rate, time from start to the first decided ticket, memory.
//   npm run bench:http -- [--rate 200] [--seconds 20] [--json]
// The same process decides and delivers the tickets meanwhile. A few seconds of warm-up come before counting.
// Runs the real program on an embedded store in a new folder. Run this on a quiet machine; it prints the load.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const root = join(import.meta.dirname, '..');
/** V8 needs about this long to compile the hot code; the slowest request meanwhile is reported as `warmUpMaxMs`. */
const WARM_UP_SECONDS = 5;
const note = (text: string) => process.stderr.write(`${text}\n`);

type Started = { child: ChildProcess; url: string; listeningMs: number; firstDecidedMs: number };

/** Starts the demo and waits for its first decided ticket. */
async function startDemo(dataDir: string): Promise<Started> {
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    [join(root, 'bin/switchboard.js'), 'serve', '--demo', '--port', '0', '--data', dataDir],
    {
      cwd: dataDir,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ANTHROPIC_API_KEY: '', DATABASE_URL: '' },
    },
  );
  let text = '';
  let url = '';
  let listeningMs = 0;
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const found = /^ {2}address +(http:[^\s,]+)/m.exec(text)?.[1];
      if (found !== undefined && url === '') {
        url = found;
        listeningMs = performance.now() - startedMs;
      }
      if (/^\d\d:\d\d:\d\d /m.test(text)) {
        resolve({ child, url, listeningMs, firstDecidedMs: performance.now() - startedMs });
      }
    });
    child.once('exit', () => reject(new Error(`The demo ended before it decided a ticket:\n${text}`)));
  });
}

async function stop(child: ChildProcess): Promise<number> {
  const startedMs = performance.now();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
  return performance.now() - startedMs;
}

/** Resident memory now and at its peak; null on systems without /proc. */
function readMemoryMb(pid: number | undefined): { now: number; peak: number } | null {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return null;
  const status = readFileSync(file, 'utf8');
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024);
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

async function measurePosts(url: string, durationSeconds: number) {
  let sent = 0;
  const run = Date.now().toString(36);
  return autocannon({
    url: `${url}/v1/tickets`,
    connections: 20,
    overallRate: rate,
    duration: durationSeconds,
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        setupRequest: (request) => {
          sent += 1;
          const body = {
            id: `bench-${run}-${sent}`,
            subject: `Order ${sent}`,
            body: `Where is my parcel number ${sent}? It is late.`,
          };
          return { ...request, body: JSON.stringify(body) };
        },
      },
    ],
  });
}

const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
try {
  note('Cold start: an empty data folder …');
  const cold = await startDemo(folder);
  const coldStopMs = await stop(cold.child);
  note('Warm start: the same folder …');
  const warm = await startDemo(folder);
  const idleMemory = readMemoryMb(warm.child.pid);
  note(`POST /v1/tickets at ${rate} requests a second for ${seconds} s …`);
  const loadBefore = loadavg()[0] ?? 0;
  const warmUp = await measurePosts(warm.url, WARM_UP_SECONDS);
  const posts = await measurePosts(warm.url, seconds);
  const busyMemory = readMemoryMb(warm.child.pid);
  const warmStopMs = await stop(warm.child);

  const result = {
    load: { before: loadBefore, after: loadavg()[0] ?? 0 },
    coldStart: { listeningMs: Math.round(cold.listeningMs), firstDecidedMs: Math.round(cold.firstDecidedMs) },
    warmStart: { listeningMs: Math.round(warm.listeningMs), firstDecidedMs: Math.round(warm.firstDecidedMs) },
    stopMs: [Math.round(coldStopMs), Math.round(warmStopMs)],
    posts: {
      requests: posts.requests.total,
      perSecond: posts.requests.average,
      notAccepted: posts.non2xx + posts.errors + posts.timeouts,
      latencyMs: { p50: posts.latency.p50, p90: posts.latency.p90, p99: posts.latency.p99, max: posts.latency.max },
      warmUpMaxMs: warmUp.latency.max,
    },
    residentMb: { idle: idleMemory, afterLoad: busyMemory },
  };
  process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

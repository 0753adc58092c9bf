// Measures how long the largest body of each POST route holds up everything else: `npm run bench:large-bodies`. With a
// word as an argument, only the bodies whose names have it.
// Runs the app with its HTTP server on an embedded store in a new folder, and sends the bodies from another thread. The
// figure is the longest turn of the main thread's event loop, in processor time of that thread, so that other programs
// matter little; garbage collection in it is counted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { createApp } from '../src/app.ts';
import { silentLogger } from '../src/base/logger.ts';
import { answerFeatureNames } from '../src/classifiers/calibration/answer-features.ts';
import { calibrationVersion } from '../src/classifiers/calibration/engine-calibration.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { DEFAULT_STREAM_LIMITS } from '../src/config/server-settings.ts';
import { BODY_LIMIT_BYTES } from '../src/http/create-bare-server.ts';
import { createHttpServer } from '../src/http/create-http-server.ts';

const only = process.argv[2] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'switchboard-bodies-'));
const config = await loadConfig({ cwd: folder, env: {}, overrides: { classifier: 'local', dataDir: folder } });
const app = await createApp({ config, logger: silentLogger });
const server = await createHttpServer({
  app,
  access: { host: '127.0.0.1', allowedHosts: [], token: null },
  requestsPerMinute: 1_000_000,
  streamLimits: DEFAULT_STREAM_LIMITS,
  log: silentLogger,
  version: 'benchmark',
});
const url = await server.listen({ host: '127.0.0.1', port: 0 });
const [leaf = ''] = app.taxonomy.leaves.map(({ id }) => id);

const BODY_CHARACTERS = 200_000;
/** As many parts as fit in one body, between `start` and `end`. */
function filled(
  start: string,
  part: (index: number) => string,
  end: string,
  limit: { bytes?: number; parts?: number } = {},
) {
  const { bytes = BODY_LIMIT_BYTES - 1_000, parts = Number.POSITIVE_INFINITY } = limit;
  const made: string[] = [];
  let length = start.length + end.length;
  for (let index = 0; index < parts; index++) {
    const text = part(index);
    length += Buffer.byteLength(text) + 1;
    if (length > bytes) break;
    made.push(text);
  }
  return `${start}${made.join(',')}${end}`;
}
const examples = (part: (index: number) => string) => filled('{"examples":[', part, ']}', { parts: 10_000 });
const intent = JSON.stringify(leaf);
const long = 'My hub shows a red light since Monday. '.repeat(6_000).slice(0, BODY_CHARACTERS);
const many = (count: number, text: string) => Array.from({ length: count }, () => text).join(',');

const bodies: Readonly<Record<string, { path: string; body: string }>> = {
  '10,000 examples': {
    path: '/v1/examples',
    body: examples(
      (i) => `{"id":"e${i}","body":"The parcel ${i} has not arrived, where is it now?","intent":${intent}}`,
    ),
  },
  '10,000 examples again, changed': {
    path: '/v1/examples',
    body: examples(
      (i) => `{"id":"e${i}","body":"The parcel ${i} did not arrive. Where is it now?","intent":${intent}}`,
    ),
  },
  '10,000 examples with many tags': {
    path: '/v1/examples',
    body: examples((i) => `{"id":"t${i}","body":"x","tags":[${many(24, '""')}],"intent":${intent}}`),
  },
  '10,000 examples with attributes': {
    path: '/v1/examples',
    body: examples(
      (i) => `{"id":"a${i}","body":"x","requester":{"attributes":{"a":1,"b":2,"c":3,"d":4,"e":5}},"intent":${intent}}`,
    ),
  },
  'examples of 200,000 characters': {
    path: '/v1/examples',
    body: examples(
      (i) => `{"id":"l${i}","body":${JSON.stringify(`${i}${long}`.slice(0, BODY_CHARACTERS))},"intent":${intent}}`,
    ),
  },
  '10,000 examples of an unknown intent': {
    path: '/v1/examples',
    body: examples(
      (i) => `{"id":"u${i}","body":"The parcel ${i} has not arrived, where is it now?","intent":"nowhere"}`,
    ),
  },
  '10,000 examples with 30 faults each': {
    path: '/v1/examples',
    body: examples(() => `{"intent":1,"tags":[${many(50, '1')}]}`),
  },
  '10,000 examples that are numbers': { path: '/v1/examples', body: examples(() => '0') },
  'a list of 700,000 numbers for examples': {
    path: '/v1/examples',
    body: filled('{"examples":[', () => '0', ']}'),
  },
  'lists within lists': { path: '/v1/examples', body: `{"examples":${'['.repeat(700_000)}${']'.repeat(700_000)}}` },
  'a ticket of 200,000 characters': { path: '/v1/tickets', body: JSON.stringify({ body: long }) },
  'a ticket of 1,400,000 characters, cut': { path: '/v1/tickets', body: JSON.stringify({ body: long.repeat(7) }) },
  'a ticket with a list of 700,000 tags': {
    path: '/v1/tickets',
    body: filled('{"body":"x","tags":[', () => '0', ']}'),
  },
  'a ticket with 100 attributes of 2,000 characters': {
    path: '/v1/tickets',
    body: JSON.stringify({
      body: long,
      requester: {
        attributes: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`a${i}`, 'x'.repeat(2_000)])),
      },
    }),
  },
  'a ticket with many small objects in an unknown field': {
    path: '/v1/tickets',
    body: filled('{"body":"x","requester":{"other":[', () => '{"a":1}', ']}}'),
  },
  'a ticket of 200,000 characters, only routed': { path: '/v1/route', body: JSON.stringify({ body: long }) },
  'feedback with a list for a comment': {
    path: '/v1/tickets/api%3A1/feedback',
    body: filled('{"comment":[', () => '{"a":1}', ']}'),
  },
  'an erasure with a list for a name': { path: '/v1/erasures', body: filled('{"requester":[', () => '{"a":1}', ']}') },
  'a calibration of as many answers as are taken': {
    path: '/v1/calibrations',
    body: calibration(),
  },
  'a calibration that was changed by hand': {
    path: '/v1/calibrations',
    body: filled(calibrationStart(), (i) => `{"intent":${intent},"confidence":0.${i},"correct":true}`, ']}', {
      bytes: BODY_LIMIT_BYTES - 1_000,
    }),
  },
  'a calibration whose answers are empty objects': {
    path: '/v1/calibrations',
    body: filled(calibrationStart(), () => '{}', ']}', { bytes: BODY_LIMIT_BYTES - 1_000 }),
  },
};

/** The largest that is taken. */
function calibration(): string {
  const heldOut = Array.from({ length: Math.floor(BODY_LIMIT_BYTES / (55 + leaf.length)) }, (_, i) => {
    const confidence = ((i * 7_919) % 100_003) / 100_003;
    return { intent: leaf, confidence: Math.round(confidence * 10_000) / 10_000, correct: i % 7 !== 0 };
  });
  const numbers = answerFeatureNames.map(() => 0.5);
  const content = {
    ...{ engine: 'claude', taxonomy: app.taxonomy.version, features: [...answerFeatureNames] },
    ...{ mean: numbers, deviation: numbers, logistic: { bias: 0, weights: numbers }, heldOut },
  };
  const unversioned = { format: 1 as const, version: '', ...content };
  return JSON.stringify({ ...unversioned, version: calibrationVersion(unversioned) });
}

function calibrationStart(): string {
  return `{"format":1,"version":"v","engine":"local","taxonomy":"${app.taxonomy.version}","features":[],"mean":[],"deviation":[],"logistic":{"bias":0,"weights":[]},"heldOut":[`;
}

const sender = new Worker(
  `const { parentPort } = require('node:worker_threads');
   parentPort.on('message', async ({ url, body }) => {
     const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
     parentPort.postMessage({ status: response.status, length: (await response.text()).length });
   });`,
  { eval: true },
);
const ask = (message: { url: string; body: string }) =>
  new Promise<{ status: number; length: number }>((resolve) => {
    sender.once('message', resolve);
    sender.postMessage(message);
  });

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
/** Longest turn of the event loop from now on, in processor time. */
function watchTurns(): () => number {
  let longest = 0;
  let before = cpuMs();
  let stopped = false;
  const turn = () => {
    const now = cpuMs();
    longest = Math.max(longest, now - before);
    before = cpuMs();
    if (!stopped) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    stopped = true;
    return longest;
  };
}

try {
  for (const [name, { path, body }] of Object.entries(bodies)) {
    if (!name.includes(only)) continue;
    const message = { url: `${url}${path}`, body };
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const stop = watchTurns();
    const startedMs = performance.now();
    const { status, length } = await ask(message);
    const tookMs = performance.now() - startedMs;
    // The engine learns after the answer.
    await new Promise((resolve) => setTimeout(resolve, path === '/v1/examples' && status === 200 ? 8_000 : 500));
    delay.disable();
    const longest = stop();
    console.log(
      `${name} (${(body.length / 1e6).toFixed(1)} MB): ${status}, ${length} characters, in ${tookMs.toFixed(0)} ms; longest turn ${longest.toFixed(0)} ms of processor time, ${(delay.max / 1e6).toFixed(0)} ms by the clock`,
    );
  }
} finally {
  await sender.terminate();
  await server.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}

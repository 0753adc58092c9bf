// How many tickets a second go through the Claude engine, and how much time of its own each takes: 1,000 tickets, 50 at a
// time, against a test double that takes one second for each. It says nothing about how well Claude classifies.
//   node benchmarks/claude-throughput.ts [--tickets 1000] [--concurrency 50] [--latency-ms 1000]
// The double runs in a process of its own. Run it on a quiet machine; it prints the load.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Classification } from '../src/classifiers/classifier.ts';
import { createClaudeConnection } from '../src/classifiers/claude/call/connection.ts';
import { createClaudeClassifier } from '../src/classifiers/claude/create-claude-classifier.ts';
import { createLocalClassifier } from '../src/classifiers/local/create-local-classifier.ts';
import { claudeConfigSchema, retrievalConfigSchema } from '../src/config/config-schema.ts';
import { readLabelledTickets } from '../src/config/labelled-tickets.ts';
import { loadTaxonomy } from '../src/taxonomy/parse-taxonomy.ts';
import { redact } from '../src/ticket/redact-ticket.ts';
import type { Ticket } from '../src/ticket/ticket.ts';

const GOAL_PER_SECOND = 45;
const GOAL_OWN_MS = 10;

const { values } = parseArgs({
  options: {
    tickets: { type: 'string', default: '1000' },
    concurrency: { type: 'string', default: '50' },
    'latency-ms': { type: 'string', default: '1000' },
  },
});
const count = Number(values.tickets);
const concurrency = Number(values.concurrency);
const latencyMs = Number(values['latency-ms']);
const root = join(import.meta.dirname, '..');

const taxonomy = await loadTaxonomy(join(root, 'sample/taxonomy.yaml'));
const examples = await readLabelledTickets({ file: join(root, 'sample/examples.jsonl'), taxonomy });
const cases = await readLabelledTickets({ file: join(root, 'sample/test.jsonl'), taxonomy });
const cacheDir = mkdtempSync(join(tmpdir(), 'switchboard-throughput-'));
const local = await createLocalClassifier({ taxonomy, examples, cacheDir, confidence: { targetPrecision: 0.95 } });
await local.settled();

const double = spawn(
  process.execPath,
  [join(root, 'scripts/fake-claude.ts'), '--port', '0', '--latency-ms', String(latencyMs)],
  {
    stdio: ['ignore', 'ignore', 'pipe'],
  },
);
const [line] = await once(double.stderr, 'data');
const baseUrl = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0] ?? null;

/** Time that each ticket spent between the request leaving us and the response arriving. */
const awayMs = new Map<string, number>();
const timingFetch: typeof fetch = async (input, init) => {
  const startedAt = performance.now();
  const response = await fetch(input, init);
  const id = /case (\d+)\b/.exec(String(init?.body))?.[1] ?? '';
  awayMs.set(id, performance.now() - startedAt);
  return response;
};

async function run(name: string): Promise<void> {
  // A new connection each time: the first run begins with a cold prompt cache and pays for the warm-up.
  const classifier = createClaudeClassifier({
    connection: createClaudeConnection({ apiKey: 'test', baseUrl, concurrency, fetch: timingFetch }),
    settings: claudeConfigSchema.parse({}),
    retrieval: retrievalConfigSchema.parse({}),
    index: local.index,
    fallback: local,
    redact,
  });
  if (name !== 'cold') await classifier.classify({ ticket: { id: 'first', body: 'To warm the cache.' }, taxonomy });
  const ownMs: number[] = [];
  const stages = new Map<string, number>();
  let next = 0;
  const work = async () => {
    for (let at = next++; at < count; at = next++) {
      const ticket: Ticket = { ...cases[at % cases.length], id: `t-${at}`, subject: `case ${at}` };
      const startedAt = performance.now();
      const classification: Classification = await classifier.classify({ ticket, taxonomy });
      ownMs.push(performance.now() - startedAt - (awayMs.get(String(at)) ?? 0));
      stages.set(classification.stage, (stages.get(classification.stage) ?? 0) + 1);
    }
  };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuMs = (cpu.user + cpu.system) / 1_000 / count;
  const perSecond = count / seconds;
  ownMs.sort((one, other) => one - other);
  const quantile = (share: number) => ownMs[Math.min(ownMs.length - 1, Math.floor(share * ownMs.length))] ?? 0;
  process.stdout.write(
    `${name}: ${count} tickets in ${seconds.toFixed(1)} s, ${perSecond.toFixed(1)} a second (goal ${GOAL_PER_SECOND}: ${perSecond >= GOAL_PER_SECOND ? 'met' : 'missed'}); ` +
      `own time p50 ${quantile(0.5).toFixed(1)} ms, p95 ${quantile(0.95).toFixed(1)} ms, p99 ${quantile(0.99).toFixed(1)} ms` +
      `${name === 'cold' ? ' (the first 50 wait for the cache)' : ` (goal ${GOAL_OWN_MS}: ${quantile(0.99) <= GOAL_OWN_MS ? 'met' : 'missed'})`}; ` +
      `processor time ${cpuMs.toFixed(1)} ms a ticket, worker thread included; answered by ${[...stages].map(([stage, n]) => `${stage} ${n}`).join(', ')}\n`,
  );
}

try {
  process.stdout.write(
    `Node ${process.version}, load ${loadavg()
      .map((value) => value.toFixed(2))
      .join(' ')}\n`,
  );
  await run('cold');
  await run('warm');
  process.stdout.write(
    `Load afterwards ${loadavg()
      .map((value) => value.toFixed(2))
      .join(' ')}\n`,
  );
} finally {
  await local.close();
  double.kill();
  rmSync(cacheDir, { recursive: true, force: true });
}

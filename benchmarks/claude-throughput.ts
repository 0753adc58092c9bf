// Measures how many tickets a second the Claude engine handles, and how much time it adds to each: 1,000 tickets, 50 at
// a time, against a test double that takes one second each. It says nothing about how well Claude classifies.
//   npm run bench:claude-throughput -- [--tickets 1000] [--concurrency 50] [--latency-ms 1000]
// The double runs in a separate process. Run this on a quiet machine; it prints the load.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Classification } from '../src/classifiers/classifier.ts';
import { createClaudeConnection } from '../src/classifiers/claude/call/connection.ts';
import { createClaudeClassifier } from '../src/classifiers/claude/create-claude-classifier.ts';
import { claudeSettingsSchema } from '../src/classifiers/claude/settings.ts';
import { createLocalClassifier } from '../src/classifiers/local/create-local-classifier.ts';
import type { ExampleIndex } from '../src/classifiers/retrieval/example-index.ts';
import { retrievalSettingsSchema } from '../src/classifiers/retrieval/settings.ts';
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

/** Time of each ticket between sending the request and receiving the response. */
const awayMs = new Map<string, number>();
const timingFetch: typeof fetch = async (input, init) => {
  const startedAt = performance.now();
  const response = await fetch(input, init);
  const id = /case (\d+)\b/.exec(String(init?.body))?.[1] ?? '';
  awayMs.set(id, performance.now() - startedAt);
  return response;
};

/** Time that each ticket waited for its examples. The first ones come all at once, which is a case of its own. */
const searchMs = new Map<string, number>();
const timingIndex: ExampleIndex = {
  ...local.index,
  version: local.index.version,
  async search(search) {
    const startedAt = performance.now();
    const found = await local.index.search(search);
    searchMs.set(/case (\d+)\b/.exec(search.text)?.[1] ?? '', performance.now() - startedAt);
    return found;
  },
};

async function run(name: string): Promise<void> {
  // A new classifier for each run: the first one starts with a cold prompt cache and includes the warm-up.
  const classifier = createClaudeClassifier({
    connection: createClaudeConnection({ apiKey: 'test', baseUrl, concurrency, fetch: timingFetch }),
    settings: claudeSettingsSchema.parse({}),
    retrieval: retrievalSettingsSchema.parse({}),
    index: timingIndex,
    redact,
  });
  if (name !== 'cold') await classifier.classify({ ticket: { id: 'first', body: 'To warm the cache.' }, taxonomy });
  const ownMs: number[] = [];
  const searchesMs: number[] = [];
  const stages = new Map<string, number>();
  let next = 0;
  const work = async () => {
    for (let at = next++; at < count; at = next++) {
      const ticket: Ticket = { ...cases[at % cases.length], id: `t-${at}`, subject: `case ${at}` };
      const startedAt = performance.now();
      const classification: Classification = await classifier.classify({ ticket, taxonomy });
      const search = searchMs.get(String(at)) ?? 0;
      ownMs.push(performance.now() - startedAt - (awayMs.get(String(at)) ?? 0) - search);
      searchesMs[at] = search;
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
  const met = (isMet: boolean) => (isMet ? 'met' : 'missed');
  const p99 = quantile(ownMs, 0.99);
  const lines = [
    `${name}: ${count} tickets in ${seconds.toFixed(1)} s, ${perSecond.toFixed(1)} a second (goal ${GOAL_PER_SECOND}: ${met(perSecond >= GOAL_PER_SECOND)}), answered by ${[...stages].map(([stage, n]) => `${stage} ${n}`).join(', ')}`,
    `  own time without the search for examples: ${describe(ownMs)}${name === 'cold' ? '; the first tickets wait for the cache' : ` (goal ${GOAL_OWN_MS} at p99: ${met(p99 <= GOAL_OWN_MS)})`}`,
    `  search for examples: the first ${concurrency}, all at once: ${describe(searchesMs.slice(0, concurrency))}`,
    `  search for examples: the others, ${concurrency} tickets under way: ${describe(searchesMs.slice(concurrency))}`,
    `  processor time ${cpuMs.toFixed(1)} ms a ticket, the thread that searches included`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function describe(values: readonly number[]): string {
  return [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${quantile(values, share).toFixed(1)} ms`).join(', ');
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

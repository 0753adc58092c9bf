// Compares what loading the language model costs a fresh process: as eld ships it (`eld/small`) and as src/ticket reads
// it. Runs in turns, so that a busy machine slows both. Run: npm run bench:language-model

import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';

const RUNS = 7;
const detect = (load: string) => `
  const before = process.memoryUsage().rss;
  const start = performance.now();
  ${load}
  model.detect('Wo ist meine Bestellung geblieben?');
  console.log(JSON.stringify({ ms: performance.now() - start, mb: (process.memoryUsage().rss - before) / 1e6 }));
`;
const variants = {
  'eld/small': detect(`const { eld: model } = await import(${JSON.stringify(import.meta.resolve('eld/small'))});`),
  'src/ticket/language-model.ts': detect(
    `const { loadLanguageModel } = await import(${JSON.stringify(import.meta.resolve('../src/ticket/language-model.ts'))});
     const model = loadLanguageModel();`,
  ),
};

const measured = new Map<string, { ms: number; mb: number }[]>(Object.keys(variants).map((name) => [name, []]));
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, code] of Object.entries(variants)) {
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    measured.get(name)?.push(JSON.parse(child.stdout));
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const load = loadavg()[0]?.toFixed(1);
console.log(`Node ${process.version}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${load}`);
console.log(`Loading the model and a first detection, median of ${RUNS} fresh processes each:`);
for (const [name, runs] of measured) {
  const ms = median(runs.map((run) => run.ms)).toFixed(0);
  const mb = median(runs.map((run) => run.mb)).toFixed(0);
  console.log(`  ${name.padEnd(30)} ${ms.padStart(5)} ms   +${mb.padStart(4)} MB resident`);
}

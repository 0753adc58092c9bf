// Measures how often the embedded engine is right, and how reliable its confidence is, on the public sets.
//   npm run bench:accuracy -- [--only insurance,banking77] [--split "10 an intent"] [--json] [--save FILE] [--against FILE]
// Prints a table with 95 % intervals. --save keeps which tickets were classified right, and --against compares with such a
// file of another version of the code, ticket by ticket (McNemar's exact test). When all sets were measured, it writes benchmarks/results/accuracy.json and
// precision-coverage.svg. Sets are searched in benchmarks/data (see its README), then in ../shared/data.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mcNemarTest } from '../src/evaluation/metrics/mcnemar-test.ts';
import { findSet, type SetName, setNames, splitsOf } from './accuracy/data-sets.ts';
import { type Measurement, measureSplit } from './accuracy/measure-split.ts';
import { plotCurves } from './accuracy/plot-curves.ts';

/** 97.5 % quantile of Student's t with two degrees of freedom, for three seeds. */
const T_95_TWO_DEGREES = 4.303;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    split: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    save: { type: 'string' },
    against: { type: 'string' },
  },
});
const isSetName = (name: string): name is SetName => setNames.some((known) => known === name);
const wanted = values.only === undefined ? setNames : values.only.split(',').filter(isSetName);
const present = wanted.filter((set) => findSet(set) !== null);
for (const set of wanted) {
  if (!present.includes(set)) console.error(`${set}: skipped, not found. See benchmarks/data/README.md.`);
}

const measurements: Measurement[] = [];
const splits = present.flatMap(splitsOf).filter(({ name }) => name.includes(values.split));
for (const split of splits) {
  measurements.push(await measureSplit(split, showProgress));
  showProgress('');
  if (!values.json) console.log(formatRow(measurements.at(-1)!));
}
if (values.save !== undefined) writeFileSync(values.save, JSON.stringify(rightOf(measurements)));
if (values.against !== undefined) {
  const before: ReturnType<typeof rightOf> = JSON.parse(readFileSync(values.against, 'utf8'));
  for (const { name, right } of measurements)
    console.log(compareAnswers({ name, before: before[name] ?? {}, after: right }));
}
const few = measurements.filter(({ name }) => name.includes('10 an intent'));
if (!values.json && few.length > 0) console.log(formatMean(few));

const machine = `Node ${process.version}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`;
const report = { command: 'npm run bench:accuracy', measuredAt: new Date().toISOString(), machine, measurements };
if (values.json) console.log(JSON.stringify(report, null, 2));
else console.log(`\n${machine}`);
if (present.length === setNames.length && values.split === '') {
  const results = join(import.meta.dirname, 'results');
  mkdirSync(results, { recursive: true });
  const summary = { ...report, measurements: measurements.map(({ curve: _, right: _right, ...rest }) => rest) };
  writeFileSync(join(results, 'accuracy.json'), `${JSON.stringify(summary, null, 2)}\n`);
  const curves = measurements.map(({ name, curve }) => ({ name, points: curve }));
  writeFileSync(join(results, 'precision-coverage.svg'), plotCurves(curves));
}

function formatRow(row: Measurement): string {
  const { accuracy, selective, outOfScope } = row;
  const parts = [
    row.name.padEnd(36),
    `${row.correct}/${row.count}`.padStart(9),
    `${percent(accuracy.value)} (${percent(accuracy.low)}–${percent(accuracy.high)})`,
    `ECE ${row.calibrationError.toFixed(3)}`,
    `live ${percent(selective.coverage)} at ${percent(selective.precision)}`,
    `trained in ${row.trainSeconds.toFixed(1)} s`,
    `p50 ${row.latencyMs.p50.toFixed(1)} ms`,
  ];
  if (outOfScope !== null) {
    parts.push(`out of scope AUROC ${outOfScope.auroc.toFixed(3)}, recall ${percent(outOfScope.recallAt95Acceptance)}`);
  }
  return parts.join('  ');
}

function rightOf(rows: readonly Measurement[]): Record<string, Measurement['right']> {
  return Object.fromEntries(rows.map(({ name, right }) => [name, right]));
}

function compareAnswers(options: { name: string; before: Measurement['right']; after: Measurement['right'] }): string {
  const { name, before, after } = options;
  const both = Object.keys(after).filter((id) => before[id] !== undefined);
  const broken = both.filter((id) => before[id] === true && after[id] === false).length;
  const mended = both.filter((id) => before[id] === false && after[id] === true).length;
  const { pValue } = mcNemarTest({ onlyFirst: broken, onlySecond: mended });
  return `${name.padEnd(36)} of ${both.length} tickets ${mended} became right and ${broken} wrong (p = ${pValue.toFixed(3)})`;
}

/** Mean over seeds with its interval, from Student's t and the spread between seeds. */
function formatMean(rows: readonly Measurement[]): string {
  const mean = rows.reduce((sum, { accuracy }) => sum + accuracy.value, 0) / rows.length;
  const error = rows.reduce((sum, { calibrationError }) => sum + calibrationError, 0) / rows.length;
  const squares = rows.reduce((sum, { accuracy }) => sum + (accuracy.value - mean) ** 2, 0);
  const spread = (T_95_TWO_DEGREES * Math.sqrt(squares / (rows.length - 1))) / Math.sqrt(rows.length);
  const name = `${rows[0]?.set}, 10 an intent, mean of ${rows.length}`.padEnd(36);
  return `${name}            ${percent(mean)} (${percent(mean - spread)}–${percent(mean + spread)})  ECE ${error.toFixed(3)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}`);
}

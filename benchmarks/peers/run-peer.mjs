// Runs one peer on one split in a separate process, so that its memory can be measured: run-peer.mjs NAME SPLIT.json
import { readFileSync } from 'node:fs';
import { peers } from './peers.mjs';

const [name, file] = process.argv.slice(2);
const { train, test } = JSON.parse(readFileSync(file, 'utf8'));
// Some peers print to stdout while they train.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const startedAt = performance.now();
const predict = await peers[name](train);
const trainSeconds = (performance.now() - startedAt) / 1000;
const times = [];
let correct = 0;
for (const [text, label] of test) {
  const from = performance.now();
  if ((await predict(text)) === label) correct++;
  times.push(performance.now() - from);
}
times.sort((a, b) => a - b);
const memoryMegabytes = process.resourceUsage().maxRSS / 1024;
print(
  JSON.stringify({ correct, count: test.length, trainSeconds, medianMs: times[times.length >> 1], memoryMegabytes }),
  () => process.exit(0),
);

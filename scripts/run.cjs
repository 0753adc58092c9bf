// Runs one of our .ts files on the bundled Node, whatever Node starts this one, after installing what is missing:
//   node scripts/run.cjs benchmarks/http.ts --rate 100
// The npm scripts call it, so that `npm run bench:http` works on a machine that has only an older Node and npm.
'use strict';
const { join } = require('node:path');
const { runOnBundledNode } = require('./bundled-node.cjs');
const { ensureDeps } = require('./ensure-deps.cjs');

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  process.stderr.write('Usage: node scripts/run.cjs FILE.ts [arguments]\n');
  process.exit(2);
}
ensureDeps();
runOnBundledNode({ script: join(__dirname, '..', script), args });

// Installs the dependencies when package-lock.json has changed since they were last installed.
// Plain CommonJS without dependencies, so that any Node can run it before anything else is there.
'use strict';
const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const stampFile = join(root, 'node_modules', '.switchboard-lock-hash');

/** Hash of the lock file; the platform is part of it because optional packages differ by platform. */
function lockHash() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`${process.platform}-${process.arch}`).digest('hex');
}

function ensureDeps() {
  const wanted = lockHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;

  process.stderr.write('Installing dependencies (once; usually 15 to 60 seconds) …\n');
  const started = Date.now();
  const ticker = tickEverySecond(started);
  // npm keeps its own output for errors: the engine warning of an older Node would only confuse here.
  const result = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ticker.kill();
  if (result.status !== 0) {
    process.stderr.write(
      `\nnpm ci failed${result.error ? ` (${result.error.message})` : ` with exit code ${result.status}`}. ` +
        'Check that npm is installed and its registry can be reached, then start again.\n',
    );
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
  process.stderr.write(`\rDependencies installed in ${((Date.now() - started) / 1000).toFixed(0)} s.            \n`);
}

/** spawnSync blocks this process, so a child shows that time passes. It ends with us at the latest. */
function tickEverySecond(started) {
  const { spawn } = require('node:child_process');
  if (!process.stderr.isTTY) return { kill() {} };
  const code =
    `setInterval(() => { if (process.ppid !== ${process.pid}) process.exit(); ` +
    `process.stderr.write('\\r  ' + Math.round((Date.now() - ${started}) / 1000) + ' s …'); }, 1000)`;
  return spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'ignore', 'inherit'] });
}

module.exports = { ensureDeps };
if (require.main === module) ensureDeps();

// Installs the dependencies when package-lock.json has changed since they were last installed.
// Plain CommonJS without dependencies, so that any Node can run it before anything else is there.
'use strict';
const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const { readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const turnFile = join(root, '.installing');
const stampFile = join(root, 'node_modules', '.switchboard-lock-hash');

/** Hash of the lock file; the platform is part of it because optional packages differ by platform. */
function lockHash() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`${process.platform}-${process.arch}`).digest('hex');
}

/** Returns the content of a file; null when it does not exist. */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function ensureDeps() {
  const wanted = lockHash();
  const isCurrent = () => readIfThere(stampFile) === wanted;
  if (isCurrent()) return;
  waitForTurn();
  try {
    if (!isCurrent()) install(wanted);
  } finally {
    rmSync(turnFile, { force: true });
  }
}

/**
 * Two installs at once would delete each other's files, so the second waits. A lock left by a dead process is ignored.
 */
function waitForTurn() {
  for (let isReported = false; ; isReported = true) {
    try {
      writeFileSync(turnFile, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') failToWrite(error);
    }
    const owner = Number(readIfThere(turnFile));
    if (owner > 0 && !isAlive(owner)) rmSync(turnFile, { force: true });
    else if (!isReported)
      process.stderr.write(`Waiting for process ${owner}, which is installing the dependencies …\n`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }
}

function failToWrite({ code }) {
  process.stderr.write(
    `The dependencies have to be installed, and nothing can be written to ${root} (${code}). ` +
      'Start as the account that owns the folder, or let that account run "npm ci" there and try again.\n',
  );
  process.exit(1);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function install(wanted) {
  process.stderr.write('Installing dependencies (once; it takes a minute or two) …\n');
  const started = Date.now();
  const ticker = tickEverySecond(started);
  // npm only prints errors here: its engine warning about an older Node would be confusing.
  const result = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status === 0) packNewStore();
  ticker.kill();
  if (result.status !== 0) {
    process.stderr.write(
      `\nnpm ci failed${result.error ? ` (${result.error.message})` : ` with exit code ${result.status}`}. ` +
        'Check that npm is installed and its registry can be reached, then start again.\n',
    );
    rmSync(turnFile, { force: true });
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
  process.stderr.write(`\rDependencies installed in ${((Date.now() - started) / 1000).toFixed(0)} s.            \n`);
}

/** A new data folder then takes a second instead of five. Without it, the first start creates its store itself. */
function packNewStore() {
  const { findBundledNode } = require('./bundled-node.cjs');
  const node = findBundledNode() ?? process.execPath;
  spawnSync(node, [join(__dirname, 'build-new-store.ts'), join(root, 'node_modules', '.cache', 'switchboard')], {
    cwd: root,
    stdio: 'ignore',
  });
}

/** spawnSync blocks this process, so a child process shows that it is still working. It ends with us at the latest. */
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

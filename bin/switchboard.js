#!/usr/bin/env node
// Starts the command line on a Node that is new enough. Plain JavaScript that any Node from 18 on can read.
// In a clone: installs dependencies when the lock file changed, and runs the sources on the bundled Node where the
// running one is too old. Installed as a package: runs dist/ on the user's own Node.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// package.json `engines`; and the first Node that runs .ts files by itself, which the sources of a clone need.
const OLDEST_FOR_PACKAGE = [22, 12];
const OLDEST_FOR_SOURCES = [22, 18];
const LAUNCHED_MARK = 'SWITCHBOARD_LAUNCHED_BY_PID';

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const ensureDepsFile = join(root, 'scripts', 'ensure-deps.cjs');
const isClone = existsSync(ensureDepsFile);

if (isClone) createRequire(import.meta.url)(ensureDepsFile).ensureDeps();
if (isAtLeast(isClone ? OLDEST_FOR_SOURCES : OLDEST_FOR_PACKAGE)) await runHere();
else if (isClone) runOnBundledNode();
else fail(`Switchboard needs Node ${OLDEST_FOR_PACKAGE.join('.')} or newer; this is ${process.version}.`);

async function runHere() {
  dieWithLauncher();
  // Keeps compiled code, and the sources with their types taken out: a third less work at each start of a clone.
  if (isClone) module.enableCompileCache?.(join(root, 'node_modules', '.cache', 'switchboard'));
  const entry = join(root, isClone ? 'src/cli/main.ts' : 'dist/cli/main.js');
  const { main } = await import(pathToFileURL(entry).href);
  process.exitCode = await main({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  // Whatever a library left open must not hold the terminal.
  setTimeout(() => process.exit(), 1_000).unref();
}

/** The IPC channel breaks when the launcher ends, also by SIGKILL; a child left over would hold port and lock. */
function dieWithLauncher() {
  if (process.env[LAUNCHED_MARK] !== String(process.ppid) || !process.channel) return;
  process.on('disconnect', () => process.exit(1));
  process.channel.unref();
}

function runOnBundledNode() {
  const node = findBundledNode();
  if (node === null) {
    fail(
      `Switchboard needs Node ${OLDEST_FOR_SOURCES.join('.')} or newer; this is ${process.version}, ` +
        `and none is bundled for ${process.platform}-${process.arch}.`,
    );
    return;
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [LAUNCHED_MARK]: String(process.pid) },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const pass = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  child.on('error', (error) => fail(`The bundled Node could not be started (${error.message}): ${node}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
    process.exit();
  });
}

function findBundledNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const names = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
  return names.map((name) => join(root, 'node_modules', name, 'bin', file)).find((path) => existsSync(path)) ?? null;
}

function isAtLeast([major, minor]) {
  const [runningMajor, runningMinor] = process.versions.node.split('.').map(Number);
  return runningMajor > major || (runningMajor === major && runningMinor >= minor);
}

function fail(message) {
  process.stderr.write(`${message} Install a newer one from https://nodejs.org and start again.\n`);
  process.exit(2);
}

#!/usr/bin/env node
// Starts the command line on a Node that is new enough. Plain JavaScript that any Node from 18 on can read.
// In a clone: installs dependencies when the lock file changed, builds the page when its sources changed, and runs the
// sources on the bundled Node where the running one is too old. Installed as a package: runs dist/ on the user's own Node.
import { existsSync, realpathSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** `engines` of the published package (scripts/pack-manifest.ts). */
const OLDEST_FOR_PACKAGE = [22, 12];
const LAUNCHED_MARK = 'SWITCHBOARD_LAUNCHED_BY_PID';

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const scriptsDir = join(root, 'scripts');
const isClone = existsSync(join(scriptsDir, 'ensure-deps.cjs'));

if (isClone) await startClone();
else if (isAtLeast(OLDEST_FOR_PACKAGE)) await runHere();
else {
  process.stderr.write(
    `Switchboard needs Node ${OLDEST_FOR_PACKAGE.join('.')} or newer; this is ${process.version}. ` +
      'Install a newer one from https://nodejs.org and start again.\n',
  );
  process.exitCode = 2;
}

async function startClone() {
  const load = createRequire(import.meta.url);
  load(join(scriptsDir, 'ensure-deps.cjs')).ensureDeps();
  if (process.argv[2] === 'serve' && isFirst()) load(join(scriptsDir, 'ensure-page.cjs')).ensurePage();
  const { OLDEST_FOR_SOURCES, runOnBundledNode } = load(join(scriptsDir, 'bundled-node.cjs'));
  if (isAtLeast(OLDEST_FOR_SOURCES)) return runHere();
  return runOnBundledNode({
    script: fileURLToPath(import.meta.url),
    args: process.argv.slice(2),
    env: { ...process.env, [LAUNCHED_MARK]: String(process.pid) },
  });
}

async function runHere() {
  dieWithLauncher();
  keepCompiledCode();
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

/** False in the process that the launcher has started, which did the same before. */
function isFirst() {
  return process.env[LAUNCHED_MARK] !== String(process.ppid);
}

/**
 * Keeps compiled code, and in a clone the sources with their types taken out: a third less work at each start. Nothing is
 * kept where this account cannot write, as in a package that another account has installed.
 */
function keepCompiledCode() {
  const modules = isClone ? join(root, 'node_modules') : dirname(dirname(root));
  if (basename(modules) !== 'node_modules') return;
  const { directory } = module.enableCompileCache?.(join(modules, '.cache', 'switchboard')) ?? {};
  // Threads and child processes look here; without it, each of them compiles everything again.
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= join(modules, '.cache', 'switchboard');
}

/** The IPC channel breaks when the launcher ends, also by SIGKILL; a child left over would hold port and lock. */
function dieWithLauncher() {
  if (process.env[LAUNCHED_MARK] !== String(process.ppid) || !process.channel) return;
  process.on('disconnect', () => process.exit(1));
  process.channel.unref();
}

function isAtLeast([major, minor]) {
  const [runningMajor, runningMinor] = process.versions.node.split('.').map(Number);
  return runningMajor > major || (runningMajor === major && runningMinor >= minor);
}

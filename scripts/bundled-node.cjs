// Finds the Node of the lock file (26): the sources need it, whatever Node starts them.
// Plain CommonJS without dependencies, so that any Node can load it.
'use strict';
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { constants } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');

/** The first Node that runs .ts files by itself. */
const OLDEST_FOR_SOURCES = [22, 18];

/** Returns the path of the bundled Node; null when none is bundled for this platform. */
function findBundledNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const names = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
  return names.map((name) => join(root, 'node_modules', name, 'bin', file)).find((path) => existsSync(path)) ?? null;
}

/**
 * Runs a script on the bundled Node and ends with its exit code. Signals are passed on. The child gets an IPC channel,
 * which breaks when this process is killed.
 */
function runOnBundledNode({ script, args, env = process.env }) {
  const node = findBundledNode();
  if (node === null) {
    fail(
      `Switchboard needs Node ${OLDEST_FOR_SOURCES.join('.')} or newer; this is ${process.version}, ` +
        `and none is bundled for ${process.platform}-${process.arch}.`,
    );
    return;
  }
  const child = spawn(node, [script, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  child.on('error', (error) => fail(`The bundled Node could not be started (${error.message}): ${node}`));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
    process.exit();
  });
}

function fail(message) {
  process.stderr.write(`${message} Install a newer one from https://nodejs.org and start again.\n`);
  process.exit(2);
}

module.exports = { OLDEST_FOR_SOURCES, findBundledNode, runOnBundledNode };

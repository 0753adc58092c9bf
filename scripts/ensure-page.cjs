// Builds the page (web/ to web/dist) when its sources have changed since it was last built.
// Plain CommonJS without dependencies, so that any Node can run it: finding that nothing has changed takes milliseconds.
'use strict';
const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { findBundledNode } = require('./bundled-node.cjs');

const root = join(__dirname, '..');
const web = join(root, 'web');
/** What the page bundles of the server. */
const shared = join(root, 'src', 'sentences');
const target = join(web, 'dist');
const STAMP = '.built-from';

/** Hash of every source of the page and of the lock file, which says with what it is built. */
function sourcesHash() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const file of [...listFiles(web), ...listFiles(shared)].sort())
    hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('dist') ? [] : listFiles(path);
    return [path];
  });
}

/** Returns true when a page is there, new or as it was; false, after saying why, when it could not be built at all. */
function ensurePage() {
  const wanted = sourcesHash();
  const stamp = join(target, STAMP);
  const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isBuilt()) return true;
  process.stderr.write('Building the page (some seconds, when its sources have changed) …\n');
  // Another process may build at the same time: each builds beside, and one of them takes the place.
  const building = join(web, `dist-${process.pid}`);
  const replaced = `${building}-replaced`;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', join(web, 'vite.config.ts'), '--outDir', building, '--logLevel', 'warn'];
  // Tests set NODE_ENV, and with any other value the page would be built with the large development version of React.
  const env = { ...process.env, NODE_ENV: 'production' };
  const result = spawnSync(findBundledNode() ?? process.execPath, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  try {
    if (result.status === 0) {
      writeFileSync(join(building, STAMP), wanted);
      // Moved away whole: files that are deleted one by one may be those that the other process has just put there.
      if (existsSync(target)) renameSync(target, replaced);
      renameSync(building, target);
      return true;
    }
    process.stderr.write('The page could not be built; the API works without it.\n');
  } catch (error) {
    if (isBuilt()) return true; // by the other process, in between
    process.stderr.write(`The page could not be written to ${target} (${error.code}); the API works without it.\n`);
  } finally {
    for (const folder of [building, replaced]) rmSync(folder, { recursive: true, force: true });
  }
  return existsSync(join(target, 'index.html'));
}

module.exports = { ensurePage };
if (require.main === module) process.exitCode = ensurePage() ? 0 : 1;

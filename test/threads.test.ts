// A thread that is terminated while a module graph with a top-level `await` is evaluated ends the whole process: V8 aborts
// in AsyncModuleExecutionFulfilled ("Check failed: !is_null()", seen in Node 26.10). So no file that a thread reads may have one.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './cli-harness.ts';

const threadFiles = globSync('src/**/*-worker.ts', { cwd: root });

test('no thread has a top-level await in any of its files', () => {
  expect(threadFiles.length).toBeGreaterThan(4);
  // `require` refuses such a graph before it evaluates any of it. Evaluated outside of a thread, some of these files fail.
  const script = `for (const file of process.argv.slice(1)) {
    try { require(file); } catch (error) { if (error.code === 'ERR_REQUIRE_ASYNC_MODULE') console.log(file, error.message); }
  }
  process.exit();`;
  const files = threadFiles.map((file) => join(root, file));
  const child = spawnSync(process.execPath, ['--input-type=commonjs', '-e', script, ...files], { encoding: 'utf8' });
  expect(child).toMatchObject({ stdout: '', status: 0 });
});

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { test as anyTest, expect, vi } from 'vitest';
import { createShopDir, createTempDir, findOldNode, root, runCli, startServer } from './cli-harness.ts';

/** For tests that start the whole program several times: only with TEST_PROCESSES, which .ci/run sets. */
const test = anyTest.skipIf(!process.env.TEST_PROCESSES);

// On a busy machine a server needs ten seconds to start instead of two, and each test here starts at least one.
vi.setConfig({ testTimeout: 120_000 });

const oldNode = findOldNode();
if (oldNode === null) console.log('Skipped: no Node from 18 to 22.11 on the PATH to start the program with.');
const testWithOldNode = anyTest.skipIf(oldNode === null || !process.env.TEST_PROCESSES);

testWithOldNode('an older Node starts the bundled one and exits with its code', async () => {
  using dir = createTempDir();
  const options = { cwd: dir.path, node: oldNode ?? '' };
  const doctor = await runCli(['doctor'], options);
  expect(doctor.stdout).toMatch(new RegExp(`✓ node +${process.version.replaceAll('.', '\\.')}, which came with`));
  expect(doctor.code).toBe(0);
  expect((await runCli(['rout'], options)).code).toBe(2);
});

testWithOldNode('an npm script runs on the bundled Node, with its arguments, output and exit code', () => {
  const run = (...args: readonly string[]) =>
    spawnSync('npm', ['run', '--silent', 'fake-claude', '--', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: `${dirname(oldNode ?? '')}${delimiter}/usr/bin${delimiter}/bin`, HOME: process.env.HOME },
    });
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--latency-ms') });
  expect(run('--port', 'none')).toMatchObject({ status: 2, stderr: expect.stringContaining('"none"') });
});

testWithOldNode('a signal to the launcher stops the server cleanly', async () => {
  using dir = createShopDir();
  await using server = await startServer(['--demo', '--port', '0'], { cwd: dir.path, node: oldNode ?? '' });
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(server.stderr()).toContain('Stopped.');
});

testWithOldNode('when the launcher is killed, the server ends too: port and folder are free again', async () => {
  using dir = createShopDir();
  const options = { cwd: dir.path, node: oldNode ?? '' };
  await using server = await startServer(['--demo', '--port', '0'], options);
  await server.stop('SIGKILL');
  await expect
    .poll(
      () =>
        fetch(`${server.url}/healthz`).then(
          () => 'up',
          () => 'down',
        ),
      { timeout: 20_000 },
    )
    .toBe('down');
  await using next = await startServer(['--demo', '--port', new URL(server.url).port], options);
  expect((await fetch(`${next.url}/healthz`)).status).toBe(200);
});

testWithOldNode('the published package says which Node it needs', () => {
  using dir = createTempDir();
  mkdirSync(join(dir.path, 'bin'));
  cpSync(join(root, 'bin/switchboard.js'), join(dir.path, 'bin/switchboard.js'));
  cpSync(join(root, 'package.json'), join(dir.path, 'package.json'));
  const { status, stderr } = spawnSync(oldNode ?? '', [join(dir.path, 'bin/switchboard.js'), 'doctor'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/needs Node 22\.12 or newer; this is v/);
});

test('a reader that closes the pipe early ends the program without a message', async () => {
  using dir = createTempDir();
  const command = `"${process.execPath}" "${join(root, 'bin/switchboard.js')}" --help`;
  const child = spawn('sh', ['-c', `${command} | true; ${command} | head -c 1`], { cwd: dir.path });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, stderr]).toEqual([0, '']);
});

test('the program runs through a symbolic link, as npm creates one', () => {
  using dir = createTempDir();
  execFileSync('ln', ['-s', join(root, 'bin/switchboard.js'), join(dir.path, 'switchboard')]);
  const text = execFileSync(process.execPath, [join(dir.path, 'switchboard'), '--version'], { encoding: 'utf8' });
  expect(text).toMatch(/^\d+\.\d+\.\d+\n$/);
});

anyTest('an installed package keeps its compiled code beside itself, and starts where it cannot', () => {
  using dir = createTempDir();
  const modules = join(dir.path, 'node_modules');
  const installed = join(modules, '@switchboard', 'router');
  cpSync(join(root, 'bin'), join(installed, 'bin'), { recursive: true });
  mkdirSync(join(installed, 'dist', 'cli'), { recursive: true });
  writeFileSync(join(installed, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(installed, 'dist', 'cli', 'main.js'),
    "export const main = () => { console.log(process.env.NODE_COMPILE_CACHE ?? 'nothing kept'); return 0; };",
  );
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const start = () =>
    execFileSync(process.execPath, [join(installed, 'bin', 'switchboard.js')], { encoding: 'utf8', env }).trim();
  const kept = join(modules, '.cache', 'switchboard');
  expect(start()).toBe(kept);
  expect(readdirSync(kept)).not.toEqual([]);
  rmSync(join(modules, '.cache'), { recursive: true });
  writeFileSync(join(modules, '.cache'), 'a file where the folder would be');
  expect(start()).toBe('nothing kept');
});

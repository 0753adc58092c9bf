import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

/** A process that hears the signal, and then never comes to its end. */
function startStuckProcess() {
  const module = new URL('./wait-for-stop.ts', import.meta.url).href;
  const code = `import { waitForStop } from '${module}';
    const stopped = waitForStop({ stderr: process.stderr });
    process.stderr.write('ready\\n');
    setInterval(() => {}, 1_000);
    await stopped;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const says = (text: string) => expect.poll(() => stderr, { timeout: 20_000 }).toContain(text);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, says, ended, [Symbol.dispose]: () => child.kill('SIGKILL') };
}

test('a second Ctrl-C ends what does not stop by itself', async () => {
  using stuck = startStuckProcess();
  await stuck.says('ready');
  stuck.child.kill('SIGINT');
  await stuck.says('Stopping');
  await sleep(700);
  stuck.child.kill('SIGINT');
  expect(await stuck.ended).toBe(130);
});

test('the same Ctrl-C that arrives twice, through npm and the terminal, does not force; time does', async () => {
  using stuck = startStuckProcess();
  await stuck.says('ready');
  stuck.child.kill('SIGINT');
  stuck.child.kill('SIGTERM');
  expect(await stuck.ended).toBe(1);
  await stuck.says('left behind');
});

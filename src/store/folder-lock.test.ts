import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreLockedError } from '../errors.ts';
import { acquireFolderLock, findFolderOwner } from './folder-lock.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Another process that holds the folder until it is killed. */
async function holdElsewhere(platform: NodeJS.Platform): Promise<ChildProcess> {
  const script = `
    import { acquireFolderLock } from ${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)};
    const lock = await acquireFolderLock(${JSON.stringify({ dataDir: folder, platform })});
    lock.announceUrl('http://127.0.0.1:4321');
    setInterval(() => {}, 1000);
    process.send('held');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

// The socket file is what macOS gets; the code is the same on every system that has unix sockets.
const platforms = process.platform === 'win32' ? (['win32'] as const) : ([process.platform, 'darwin'] as const);

describe.each(platforms)('the lock as on %s', (platform) => {
  test('a second process is refused, with the pid and URL of the first, until SIGKILL frees the folder', async () => {
    const child = await holdElsewhere(platform);
    const link = join(folder, `link-${platform}`);
    await symlink(folder, link);
    const refused = await acquireFolderLock({ dataDir: link, platform }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreLockedError);
    expect(refused).toMatchObject({ ownerUrl: 'http://127.0.0.1:4321' });
    expect(String(refused)).toContain(`process ${child.pid}`);
    expect(await findFolderOwner({ dataDir: folder, platform })).toEqual({
      pid: child.pid,
      url: 'http://127.0.0.1:4321',
      startingUrl: null,
    });

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await findFolderOwner({ dataDir: folder, platform })).toBeNull();
    const lock = await acquireFolderLock({ dataDir: folder, platform });
    await lock.release();
  });

  test('the same process is refused too, and may lock the folder again after releasing it', async () => {
    const lock = await acquireFolderLock({ dataDir: folder, platform });
    await expect(acquireFolderLock({ dataDir: folder, platform })).rejects.toBeInstanceOf(StoreLockedError);
    await lock.release();
    await (await acquireFolderLock({ dataDir: folder, platform })).release();
  });
});

test('while the first process starts, the second one is told what it will serve', async () => {
  const lock = await acquireFolderLock({ dataDir: folder, startingUrl: 'http://127.0.0.1:3000' });
  await expect(acquireFolderLock({ dataDir: folder })).rejects.toThrow(
    `by process ${process.pid}, which is starting and will serve http://127.0.0.1:3000. Wait for that URL`,
  );
  lock.announceUrl('http://127.0.0.1:3000');
  await expect(acquireFolderLock({ dataDir: folder })).rejects.toThrow(
    `by process ${process.pid}, serving http://127.0.0.1:3000.`,
  );
  await lock.release();
});

test('a folder that does not exist has no owner', async () => {
  expect(await findFolderOwner({ dataDir: join(folder, 'nothing') })).toBeNull();
});

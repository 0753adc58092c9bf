import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findOpenEntries } from '../base/private-files.ts';
import { sampleTicket } from '../testing/sample-values.ts';
import { openStore } from './open-store.ts';

let folder: string;
let umaskBefore: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-privacy-'));
  umaskBefore = process.umask(0);
});
afterAll(async () => {
  process.umask(umaskBefore);
  await rm(folder, { recursive: true });
});

// It makes a new store, so it needs TEST_PROCESSES.
test.skipIf(process.platform === 'win32' || !process.env.TEST_PROCESSES)(
  'the embedded store is private under any umask, and one that others could read becomes private',
  async () => {
    const dataDir = join(folder, 'new/folder');
    const first = await openStore({ databaseUrl: null, dataDir });
    await first.tickets.insertMany([sampleTicket({ id: 't-1' })]);
    expect(await findOpenEntries(dataDir)).toEqual([]);
    await first.close();
    expect(process.umask()).toBe(0);

    const store = join(dataDir, 'store');
    for (const name of await readdir(store, { recursive: true })) await chmod(join(store, name), 0o777);
    const second = await openStore({ databaseUrl: null, dataDir });
    expect(await findOpenEntries(dataDir)).toEqual([]);
    await second.close();
  },
);

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { acquireFolderLock } from '../store/folder-lock.ts';
import { openStore } from '../store/open-store.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openCommandModelUse } from './open-command-use.ts';

const call = { purpose: 'judge', model: 'a-model', usd: 0.5 } as const;
const configFor = (dataDir: string) =>
  loadConfig({ cwd: dataDir, env: {}, value: { dataDir, claude: { dailyBudgetUsd: 1 } } });

test('what a command spends is booked in the store that is there, and counts for all', async () => {
  await using folder = await temporaryFolder();
  await (await openStore({ databaseUrl: null, dataDir: folder.path })).close();
  const { modelUse, unbooked, close } = await openCommandModelUse(await configFor(folder.path));
  await (await modelUse.ledger.reserve(call))?.settle(0.7);
  expect(unbooked).toBeNull();
  await close();
  const store = await openStore({ databaseUrl: null, dataDir: folder.path });
  expect(await store.spend.todayUsd()).toBeCloseTo(0.7, 9);
  await store.close();
});

test('where a server holds the store the command keeps to the budget on its own, and says so', async () => {
  await using folder = await temporaryFolder();
  const lock = await acquireFolderLock({ dataDir: folder.path });
  const { modelUse, unbooked, close } = await openCommandModelUse(await configFor(folder.path));
  expect(unbooked).toContain(`process ${process.pid} holds`);
  expect(modelUse.ledger.limitUsd).toBe(1);
  await close();
  await lock.release();
});

test('no store is made for it', async () => {
  await using folder = await temporaryFolder();
  const dataDir = join(folder.path, 'data');
  await mkdir(dataDir);
  const { modelUse, close } = await openCommandModelUse(await configFor(dataDir));
  expect(await modelUse.ledger.reserve({ ...call, usd: 2 })).toBeNull();
  await close();
});

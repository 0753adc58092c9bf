import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { acquireFolderLock } from '../store/folder-lock.ts';
import { lookIntoStore } from '../store/look-into-store.ts';
import { openStore } from '../store/open-store.ts';
import { copyStoreTemplate } from '../testing/store-template.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { createTestDatabase, openTestPostgresql, testDatabaseUrl } from '../testing/test-stores.ts';
import { openCommandModelUse } from './open-command-use.ts';

const call = { purpose: 'judge', model: 'a-model', usd: 0.5 } as const;
const configFor = (dataDir: string) =>
  loadConfig({ cwd: dataDir, env: {}, value: { dataDir, claude: { dailyBudgetUsd: 1 } } });

test('what a command spends is booked in an existing store, and counts for every process', async () => {
  await using folder = await temporaryFolder();
  copyStoreTemplate(folder.path);
  const { modelUse, unbooked, close } = await openCommandModelUse(await configFor(folder.path));
  await (await modelUse.ledger.reserve(call))?.settle(0.7);
  expect(unbooked).toBeNull();
  await close();
  const store = await openStore({ databaseUrl: null, dataDir: folder.path });
  expect(await store.spend.todayUsd()).toBeCloseTo(0.7, 9);
  await store.close();
});

test('while a server has the store open, the command keeps a budget of its own and says so', async () => {
  await using folder = await temporaryFolder();
  const lock = await acquireFolderLock({ dataDir: folder.path });
  const { modelUse, unbooked, close } = await openCommandModelUse(await configFor(folder.path));
  expect(unbooked).toContain(`process ${process.pid} has it open`);
  expect(unbooked).toContain('keeps to the budget on its own');
  expect(modelUse.ledger.limitUsd).toBe(1);
  await close();
  await lock.release();
});

test('a command creates no store to book in', async () => {
  await using folder = await temporaryFolder();
  const dataDir = join(folder.path, 'data');
  await mkdir(dataDir);
  const { modelUse, close } = await openCommandModelUse(await configFor(dataDir));
  expect(await modelUse.ledger.reserve({ ...call, usd: 2 })).toBeNull();
  await close();
});

test('a command that must change nothing does not book in an embedded store', async () => {
  await using folder = await temporaryFolder();
  copyStoreTemplate(folder.path);
  const { modelUse, close } = await openCommandModelUse(await configFor(folder.path), { leavesStoreAsIs: true });
  await modelUse.ledger.reserve(call);
  await close();
  const store = await openStore({ databaseUrl: null, dataDir: folder.path });
  expect(await store.spend.todayUsd()).toBe(0);
  await store.close();
});

describe.skipIf(testDatabaseUrl === null)('on PostgreSQL, a command that must change nothing', () => {
  const configOn = (databaseUrl: string) =>
    loadConfig({ cwd: '/', env: { DATABASE_URL: databaseUrl }, value: { claude: { dailyBudgetUsd: 1 } } });

  test('books in a store whose tables are up to date', async () => {
    await using opened = await openTestPostgresql();
    const config = await configOn(opened.databaseUrl ?? '');
    const { modelUse, close } = await openCommandModelUse(config, { leavesStoreAsIs: true });
    await (await modelUse.ledger.reserve(call))?.settle(0.1);
    await close();
    expect(await opened.store.spend.todayUsd()).toBeCloseTo(0.1, 9);
  });

  test('creates no tables', async () => {
    const { databaseUrl, drop } = await createTestDatabase();
    const { unbooked, close } = await openCommandModelUse(await configOn(databaseUrl), { leavesStoreAsIs: true });
    expect(unbooked).toContain('not up to date');
    await close();
    const isNew = await lookIntoStore({ databaseUrl, dataDir: '' }, async ({ migrations }) => migrations.isNew);
    expect(isNew).toBe(true);
    await drop();
  });
});

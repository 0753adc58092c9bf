import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../errors.ts';
import { copyStoreTemplate } from '../testing/store-template.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { holdFolder } from './hold-folder.ts';
import { PgliteClient } from './pglite-thread/pglite-client.ts';

test('says that the store is lost when its thread ends by itself, and gives the folder back', async () => {
  await using folder = await temporaryFolder();
  copyStoreTemplate(folder.path);
  const held = await holdFolder({ dataDir: folder.path });
  if (!(held.pglite instanceof PgliteClient)) throw new TypeError('this test needs the thread of the store');
  await held.pglite.worker.terminate();
  const error = await held.lost.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(error).toMatchObject({ message: expect.stringContaining('has ended by itself') });
  await held.close();
  await (await holdFolder({ dataDir: folder.path })).close();
});

test('makes a store anew when a process was killed while it made it', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'store', 'base'), { recursive: true });
  await writeFile(join(folder.path, 'store', 'PG_VERSION'), '');
  const { ino, birthtimeNs } = await stat(join(folder.path, 'store'), { bigint: true });
  await writeFile(join(folder.path, '.store-being-made'), `${ino} ${birthtimeNs}`);
  const held = await holdFolder({ dataDir: folder.path });
  expect((await held.pglite.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect(existsSync(join(folder.path, '.store-being-made'))).toBe(false);
  await held.close();
});

test('keeps a store that was restored after a process was killed while it made another one', async () => {
  await using folder = await temporaryFolder();
  copyStoreTemplate(folder.path);
  await writeFile(join(folder.path, '.store-being-made'), '17 1795745000000000000');
  const held = await holdFolder({ dataDir: folder.path });
  expect((await held.pglite.query('select count(*)::int as tickets from switchboard.tickets')).rows).toHaveLength(1);
  await held.close();
});

test('makes no new store over the files of an incomplete one', async () => {
  await using folder = await temporaryFolder();
  copyStoreTemplate(folder.path);
  await rm(join(folder.path, 'store', 'PG_VERSION'));
  const before = await readdir(join(folder.path, 'store'));
  const error = await holdFolder({ dataDir: folder.path }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StoreUnavailableError);
  expect(error).toMatchObject({ message: expect.stringContaining('PG_VERSION is missing') });
  expect(await readdir(join(folder.path, 'store'))).toEqual(before);
});

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findOpenData, tightenDataFolder } from './private-data.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-data-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** Writes files that every account can read, in folders that every account can enter. */
async function writeOpen(...files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(join(dir, file, '..'), { recursive: true });
    await writeFile(join(dir, file), 'x');
    await chmod(join(dir, file), 0o644);
  }
}

describe.skipIf(process.platform === 'win32')('a data folder that other accounts can read', () => {
  test('is made private with everything that Switchboard keeps in it', async () => {
    await writeOpen('data/outbox/api.jsonl', 'data/models/one.model', 'data/erased.json');
    await tightenDataFolder(join(dir, 'data'));
    expect(await findOpenData(join(dir, 'data'))).toEqual([]);
  });

  test('keeps its own rights when other files are in it, and only what Switchboard wrote is made private', async () => {
    await chmod(dir, 0o755);
    await writeOpen('switchboard.yaml', 'outbox/api.jsonl');
    expect((await findOpenData(dir)).map(({ path }) => path)).toEqual(
      ['outbox', 'outbox/api.jsonl'].map((n) => join(dir, n)),
    );
    await tightenDataFolder(dir);
    expect(await findOpenData(dir)).toEqual([]);
    await expect(tightenDataFolder(join(dir, 'nowhere'))).resolves.toBeUndefined();
  });
});

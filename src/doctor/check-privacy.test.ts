import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkPrivacy } from './check-privacy.ts';

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

test.skipIf(process.platform === 'win32')(
  'what other accounts can read is named with a command that prevents it',
  async () => {
    const folders = { dataDir: join(dir, 'my data'), runsDir: join(dir, 'runs') };
    expect(await checkPrivacy(folders)).toEqual([]);
    await writeOpen('my data/outbox/api.jsonl', 'runs/one/answers.jsonl');
    expect(await checkPrivacy(folders)).toMatchObject([
      {
        check: 'privacy',
        status: 'failed',
        detail: `other accounts of this machine can read ${dir}/my data and 5 other files and folders. To prevent that, run: chmod -R go= '${dir}/my data' ${dir}/runs`,
      },
    ]);
    await chmod(folders.dataDir, 0o700);
    await chmod(folders.runsDir, 0o700);
    expect(await checkPrivacy(folders)).toEqual([]);
  },
);

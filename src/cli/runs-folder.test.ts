import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { CliIo } from './io.ts';
import { findRunsFolder } from './runs-folder.ts';

test('runs are in the working folder unless the configuration or the command line names another', async () => {
  await using folder = await temporaryFolder();
  // Only what finding the folder needs of it.
  const io = { cwd: folder.path, env: {} } as unknown as CliIo;
  const file = join(folder.path, 'switchboard.yaml');
  expect(await findRunsFolder(io, {})).toBe(join(folder.path, 'runs'));
  await writeFile(file, 'taxonomy: tree.yaml\n');
  expect(await findRunsFolder(io, {})).toBe(join(folder.path, 'runs'));
  await writeFile(file, 'evaluation: { runs: kept/runs }\n');
  expect(await findRunsFolder(io, {})).toBe(join(folder.path, 'kept', 'runs'));
  expect(await findRunsFolder(io, { runs: 'mine' })).toBe(join(folder.path, 'mine'));
  await writeFile(file, 'evaluation: { rns: 1 }\n');
  expect(await findRunsFolder(io, {})).toBe(join(folder.path, 'runs'));
});

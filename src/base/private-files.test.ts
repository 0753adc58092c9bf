import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appendPrivateFile,
  findOpenEntries,
  holdPrivateUmask,
  makePrivateFolder,
  openPrivateFileSync,
  replacePrivateFile,
  tightenFolder,
  writePrivateFile,
} from './private-files.ts';

let dir: string;
let umaskBefore: number;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-private-'));
  umaskBefore = process.umask(0);
});
afterEach(async () => {
  process.umask(umaskBefore);
  await rm(dir, { recursive: true });
});

const modeOf = async (name: string) => ((await stat(join(dir, name))).mode & 0o777).toString(8);
const at = (name: string) => join(dir, name);

describe.skipIf(process.platform === 'win32')('where files have modes', () => {
  test('folders and files are private whatever the umask', async () => {
    await makePrivateFolder(at('a/b/c'));
    await writePrivateFile(at('a/written'), 'x');
    await appendPrivateFile(at('a/appended'), 'x');
    await replacePrivateFile(at('a/replaced'), 'x');
    openPrivateFileSync(at('a/opened'), 'a');
    expect(await Promise.all(['a', 'a/b', 'a/b/c'].map(modeOf))).toEqual(['700', '700', '700']);
    expect(await Promise.all(['a/written', 'a/appended', 'a/replaced', 'a/opened'].map(modeOf))).toEqual([
      '600',
      '600',
      '600',
      '600',
    ]);
  });

  test('a umask that removes rights of the owner has no effect', async () => {
    process.umask(0o277);
    await writePrivateFile(at('written'), 'x');
    expect(await modeOf('written')).toBe('600');
  });

  test('a file that others could read becomes private when it is written to', async () => {
    await writeFile(at('old'), 'first\n', { mode: 0o666 });
    await appendPrivateFile(at('old'), 'second\n');
    expect(await modeOf('old')).toBe('600');
    expect(await readFile(at('old'), 'utf8')).toBe('first\nsecond\n');
  });

  test('an existing folder keeps its modes, and so do devices', async () => {
    await mkdir(at('shared'), { mode: 0o755 });
    await makePrivateFolder(at('shared'));
    expect(await modeOf('shared')).toBe('755');
    const deviceMode = (await stat('/dev/null')).mode;
    await writePrivateFile('/dev/null', 'x');
    expect((await stat('/dev/null')).mode).toBe(deviceMode);
  });

  test('tightening a folder makes it and its content private, and follows no links out of it', async () => {
    await mkdir(at('data/deep'), { recursive: true });
    await writeFile(at('data/deep/file'), 'x');
    await writeFile(at('elsewhere'), 'x');
    await symlink(at('elsewhere'), at('data/link'));
    expect((await findOpenEntries(at('data'))).map(({ path }) => path).toSorted()).toEqual(
      ['data', 'data/deep', 'data/deep/file'].map(at),
    );
    await tightenFolder(at('data'));
    expect(await findOpenEntries(at('data'))).toEqual([]);
    expect(await Promise.all(['data', 'data/deep', 'data/deep/file', 'elsewhere'].map(modeOf))).toEqual([
      '700',
      '700',
      '600',
      '666',
    ]);
  });

  test('entries of a private folder are not reachable for others, whatever their modes', async () => {
    await mkdir(at('data/store'), { recursive: true });
    await writeFile(at('data/store/file'), 'x');
    await chmod(at('data/store'), 0o700);
    const reachable = await findOpenEntries(at('data'), { reachableOnly: true });
    expect(reachable.map(({ path }) => path)).toEqual([at('data')]);
  });

  test('the umask stays strict until the last holder releases it', () => {
    const [releaseFirst, releaseSecond] = [holdPrivateUmask(), holdPrivateUmask()];
    releaseFirst();
    releaseFirst();
    expect(process.umask()).toBe(0o077);
    releaseSecond();
    expect(process.umask()).toBe(0);
  });
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findOpenEntries, type OpenEntry, tightenEntry, tightenFolder } from '../base/private-files.ts';
import { ERASED_FILE } from './erase-traces.ts';

/** Folders that Switchboard makes in the data folder. */
const OWN_FOLDERS = ['store', 'models', 'embeddings', 'calibration', 'outbox'];
const OWN_ENTRIES = [...OWN_FOLDERS, ERASED_FILE];

/**
 * Takes away the rights of other accounts on the data folder, which earlier versions or another umask may have left. The
 * folder itself is changed only when it has no other files: with `--data .` it is somebody's working folder. The store
 * does this for its own files when it is opened.
 */
export async function tightenDataFolder(dataDir: string): Promise<void> {
  if (await hasOnlyOurs(dataDir)) await tightenEntry(dataDir);
  for (const name of OWN_FOLDERS.filter((folder) => folder !== 'store')) await tightenFolder(join(dataDir, name));
}

/** The entries of the data folder that other accounts of this machine can read. */
export async function findOpenData(dataDir: string): Promise<readonly OpenEntry[]> {
  const options = { reachableOnly: true };
  if (await hasOnlyOurs(dataDir)) return findOpenEntries(dataDir, options);
  return (await Promise.all(OWN_FOLDERS.map((name) => findOpenEntries(join(dataDir, name), options)))).flat();
}

async function hasOnlyOurs(dataDir: string): Promise<boolean> {
  const names = await readdir(dataDir).catch(() => null);
  return names?.every((name) => OWN_ENTRIES.includes(name)) ?? false;
}

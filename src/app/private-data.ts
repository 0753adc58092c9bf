import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findOpenEntries, type OpenEntry, tightenEntry, tightenFolder } from '../base/private-files.ts';
import { ERASED_FILE } from './erase-traces.ts';

/** Folders that Switchboard keeps in the data folder. */
const OWN_FOLDERS = ['store', 'models', 'embeddings', 'calibration', 'outbox'];
const OWN_ENTRIES = [...OWN_FOLDERS, ERASED_FILE];

/**
 * Closes to others what earlier versions, or a process that was started with another umask, left open. The data folder
 * itself only when nothing else lies in it: with `--data .` it is somebody's working folder. The store closes its own
 * files when it is opened.
 */
export async function tightenDataFolder(dataDir: string): Promise<void> {
  if (await holdsOnlyOurs(dataDir)) await tightenEntry(dataDir);
  for (const name of OWN_FOLDERS.filter((folder) => folder !== 'store')) await tightenFolder(join(dataDir, name));
}

/** What other accounts of this machine can read of the data folder. */
export async function findOpenData(dataDir: string): Promise<readonly OpenEntry[]> {
  const options = { reachableOnly: true };
  if (await holdsOnlyOurs(dataDir)) return findOpenEntries(dataDir, options);
  return (await Promise.all(OWN_FOLDERS.map((name) => findOpenEntries(join(dataDir, name), options)))).flat();
}

async function holdsOnlyOurs(dataDir: string): Promise<boolean> {
  const names = await readdir(dataDir).catch(() => null);
  return names?.every((name) => OWN_ENTRIES.includes(name)) ?? false;
}

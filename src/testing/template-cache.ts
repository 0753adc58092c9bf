import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The folder for what tests make once and keep; created when missing. */
export function createCacheFolder(): string {
  const cache = join(root, 'node_modules', '.cache', 'switchboard');
  mkdirSync(cache, { recursive: true });
  return cache;
}

/** Makes a folder of the cache unless it is there. `make` fills an empty folder and returns the path of the result in it. */
export async function makeOnce(template: string, make: (dir: string) => Promise<string>): Promise<void> {
  if (existsSync(template)) return;
  const dir = await mkdtemp(join(createCacheFolder(), 'making-'));
  const made = await make(dir);
  // Another run may have created it in the meantime.
  await rename(made, template).catch(() => {});
  await rm(dir, { recursive: true, force: true });
}

/** Copies a folder of the cache into a data folder, under a name. */
export function copyInto(dataDir: string, name: string, template: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  cpSync(template, join(dataDir, name), { recursive: true });
}

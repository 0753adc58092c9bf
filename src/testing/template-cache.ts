import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** The folder for what tests make once and keep; created when missing. */
export function createCacheFolder(): string {
  const cache = join(root, 'node_modules', '.cache', 'switchboard');
  mkdirSync(cache, { recursive: true });
  return cache;
}

// An empty store, packed: PGlite needs several seconds of processor time to create its first database, and one second to
// unpack a copy. Made by scripts/build-new-store.ts, when the package is built and when a clone installs its dependencies.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const NEW_STORE_FILE = 'new-store.tar.gz';
const places = [
  import.meta.dirname, // in the package
  join(import.meta.dirname, '../../node_modules/.cache/switchboard'), // in a clone
];

/** The file to unpack a new store from; null when there is none, and PGlite then creates the store itself. */
export function findNewStore(): string | null {
  return places.map((folder) => join(folder, NEW_STORE_FILE)).find((file) => existsSync(file)) ?? null;
}

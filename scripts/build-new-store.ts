// Packs an empty store, with the tables of store and queue, from which new stores are unpacked (src/store/new-store.ts).
//   npm run build:new-store -- FOLDER
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openQueue } from '../src/queue/open-queue.ts';
import { createPglite } from '../src/store/create-pglite.ts';
import { NEW_STORE_FILE } from '../src/store/new-store.ts';
import { openStore } from '../src/store/open-store.ts';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Usage: npm run build:new-store -- FOLDER');
await mkdir(target, { recursive: true });
const file = join(target, NEW_STORE_FILE);
await rm(file, { force: true }); // so that the store is not unpacked from an older one
const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-new-store-'));
try {
  const store = await openStore({ databaseUrl: null, dataDir });
  await (await openQueue({ connection: store.connection })).close();
  await store.close();
  const pglite = await createPglite({ dataDir: join(dataDir, 'store') });
  const packed = await (await pglite.dumpDataDir('gzip')).arrayBuffer();
  await pglite.close();
  const draft = `${file}.${process.pid}`; // renamed, so that nobody unpacks a part of it
  await writeFile(draft, new Uint8Array(packed));
  await rename(draft, file);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

// What each part of the program takes in memory: each is opened alone in a new process, and what an empty Node takes is
// subtracted. `npm run bench:http -- --only memory` measures the whole.
//   npm run bench:memory [-- --only encoder]
// Anonymous memory of the process tree (Pss_Anon): the program file of Node and what else is mapped from files is shared by
// all processes of Node and belongs to no part. Needs Linux.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { returnMemory } from '../src/base/return-memory.ts';
import { readTreeMemoryMb } from './http/process-memory.ts';

/** V8 gives pages back a moment after they are free. */
const SETTLE_MS = 4_000;
const decider = async (dataDir: string) => {
  const { createDecider } = await import('../src/app.ts');
  const { loadConfig } = await import('../src/config/load-config.ts');
  const file = join(import.meta.dirname, '../sample/switchboard.yaml');
  const config = await loadConfig({ cwd: dataDir, file, env: {}, overrides: { dataDir } });
  return (await createDecider({ config })).route({ body: 'Where is my parcel? It is late.' });
};
const server = async () => {
  await Promise.all([
    import('../src/cli/commands/serve.ts'),
    import('../src/app.ts'),
    import('../src/http/create-http-server.ts'),
  ]);
};
async function openEmpty(dataDir: string) {
  const { PgliteClient } = await import('../src/store/pglite-thread/pglite-client.ts');
  const { findNewStore } = await import('../src/store/new-store.ts');
  const folder = join(dataDir, 'empty');
  await (await PgliteClient.open(folder, existsSync(folder) ? null : findNewStore())).query('select 1');
}

/** What opens each part. */
const parts: Readonly<Record<string, { open: (dataDir: string) => unknown }>> = {
  nothing: { open: () => undefined },
  'modules of a server without an engine': { open: server },
  'PGlite in its thread, an empty database (the floor of the embedded store)': { open: openEmpty },
  'the same, in the process that has unpacked it': {
    open: (dataDir) => openEmpty(mkdtempSync(join(dataDir, 'new-'))),
  },
  'embedded store: PGlite with our tables, drizzle': {
    open: async (dataDir) => {
      const { openStore } = await import('../src/store/open-store.ts');
      await openStore({ databaseUrl: null, dataDir });
    },
  },
  'encoder in its thread, with its weights': {
    open: async () => {
      const { openEncoder } = await import('../src/classifiers/local/encoder-thread/encoder-client.ts');
      await (await openEncoder({ model: null, threads: 1 })).read('Where is my parcel? It is late.');
    },
  },
  'embedded engine with the sample: its thread, the encoder, a ticket': { open: decider },
  'language model': {
    open: async () => {
      const { loadLanguageModel } = await import('../src/ticket/language-model.ts');
      const held = loadLanguageModel();
      held.detect('Wo ist meine Bestellung geblieben?');
      return held;
    },
  },
  'patterns of urgency, as machine code': {
    open: async () => {
      const { createPlainUrgency, warmUp } = await import('../src/routing/plain-urgency.ts');
      const reader = createPlainUrgency({});
      await warmUp(reader);
      return reader;
    },
  },
  'SDK of Claude, with the redaction (only with a key)': {
    open: () => import('../src/app/build-claude.ts'),
  },
  'libraries for HTML and mails (from the first such ticket on)': {
    open: () => ['html-to-text', 'htmlparser2', 'libmime'].map((name) => createRequire(import.meta.url)(name)),
  },
};

/** In a child process: opens a part, and keeps it while the parent reads the memory. */
async function openPart(name: string, dataDir: string): Promise<void> {
  const held = await parts[name]?.open(dataDir);
  returnMemory();
  await sleep(SETTLE_MS);
  returnMemory();
  process.send?.('open');
  setInterval(() => held, 1_000);
}

async function measure(name: string, dataDir: string): Promise<number> {
  const child = spawn(process.execPath, [import.meta.filename, name, dataDir], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`${name}: the process ended with ${code}`)));
    });
    return readTreeMemoryMb(child.pid ?? 0, 'Pss_Anon') ?? Number.NaN;
  } finally {
    child.kill('SIGKILL');
  }
}

const [name, given] = process.argv.slice(2);
if (name !== undefined && given !== undefined && name !== '--only') await openPart(name, given);
else {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const wanted = Object.keys(parts).filter((part) => part !== 'nothing' && part.includes(given ?? ''));
  try {
    // Trains and creates what later processes load, as at a warm start.
    for (const part of wanted.filter((key) => /PGlite|engine with/.test(key))) await measure(part, dataDir);
    const empty = await measure('nothing', dataDir);
    process.stdout.write(`${'an empty Node'.padEnd(75)} ${String(empty).padStart(5)} MB\n`);
    for (const part of wanted) {
      const more = (await measure(part, dataDir)) - empty;
      process.stdout.write(`${part.padEnd(75)} ${`+${more}`.padStart(5)} MB\n`);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

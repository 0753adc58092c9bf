// Searches every byte of the data folder for what was erased. It is slow, so it needs TEST_PROCESSES.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { createShopDir } from './cli-harness.ts';

const actor = { kind: 'user', id: 'ana' } as const;

// Opening a new store and training an engine take seconds each, and longer on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

/** A text of this length without repetitions, which no compression makes short. */
function proseOf(length: number, seed: number): string {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  let text = '';
  while (text.length < length) text += `${next().toString(36)} `;
  return text;
}

/** Lists the files below the folder that contain one of the texts, with that text. */
function search(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const file = join(entry.parentPath, entry.name);
    const bytes = readIfThere(file);
    return texts.filter((text) => bytes.includes(text)).map((text) => `${relative(folder, file)}: ${text}`);
  });
}

/** Training replaces its files in other threads, so one that was listed may be gone when it is read. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

test.skipIf(!process.env.TEST_PROCESSES)(
  'no byte of the data folder is left of an erased requester, and everything of others is kept',
  async () => {
    using dir = createShopDir();
    // Without redaction, examples keep every word, so there is more to find.
    const config = await loadConfig({ cwd: dir.path, env: {}, overrides: { classifier: 'local' } });
    const app = await createApp({ config: { ...config, settings: { ...config.settings, redaction: false } } });
    const data = join(dir.path, '.switchboard');

    const take = async (id: string, ticket: { subject: string; body: string; name: string; email: string }) => {
      const { subject, body, name, email } = ticket;
      const delivered = new Promise<void>((resolve) => {
        const stop = app.events.subscribe({
          onEvent: ({ ticketId, event }) => {
            if (ticketId !== id || event !== 'delivered') return;
            queueMicrotask(() => stop());
            resolve();
          },
        });
      });
      await app.intake({ connector: 'api', actor, ticket: { id, subject, body, requester: { name, email } } });
      await delivered;
      await app.feedback({ ticketId: id, feedback: { intent: 'returns', comment: `${name} said so` }, actor });
    };
    await app.startWorker();
    const long = proseOf(40_000, 1);
    // PostgreSQL compresses the second body in its row, and stores the third, which cannot be compressed, outside the row.
    const secret = { name: 'Wilhelmina Quarrington', email: 'Wilhelmina@Quarrington.example' };
    await take('gone-1', { ...secret, subject: 'Periwinkle teapot', body: 'The zeppelin ate my trombone.' });
    await take('gone-2', { ...secret, subject: 'Marzipan', body: 'Tarantella on the gramophone. '.repeat(300) });
    await take('gone-3', { ...secret, subject: 'Xylophone', body: `My letter: ${long} Yours, the kettledrum` });
    const other = { name: 'Bartholomew Featherby', email: 'bart@featherby.example' };
    await take('kept-1', { ...other, subject: 'Umbrella', body: 'The accordion is out of tune.' });
    const imported = {
      id: 'imported-1',
      // Twice: the database's log may cut one of them in two, at the end of a page.
      body: 'A hurdy-gurdy in the pantry, and a hurdy-gurdy in the hall.',
      intent: 'returns',
      requester: { email: 'wilhelmina@quarrington.example' },
    };
    await app.importExamples({ examples: [imported], actor });

    const words = [
      ...['Quarrington', 'quarrington.example', 'Periwinkle teapot', 'zeppelin ate my trombone', 'Marzipan'],
      ...['Tarantella', 'Xylophone', 'kettledrum', long.slice(0, 24), long.slice(20_000, 20_024), 'hurdy-gurdy'],
    ];
    const kept = ['Featherby', 'Umbrella', 'accordion is out of tune'];
    const planted = search(data, [...words, ...kept]);
    // Before erasing, the search finds every word. (Not 'Tarantella', which is compressed.)
    for (const word of words.filter((text) => text !== 'Tarantella')) expect(planted.join('\n')).toContain(word);
    const line = (id: string) =>
      readFileSync(join(data, 'outbox/api.jsonl'), 'utf8').includes(`"ticketId":${JSON.stringify(id)}`);
    expect(['gone-1', 'gone-2', 'gone-3', 'kept-1'].map(line)).toEqual([true, true, true, true]);
    const modelsBefore = readdirSync(join(data, 'models'));

    const erased = await app.erase({ what: { requester: 'wilhelmina@QUARRINGTON.example' }, actor });
    expect(erased).toMatchObject({ ticketIds: ['gone-1', 'gone-2', 'gone-3'], examples: 4 });
    await app.eraseTraces();
    await app.close();

    expect(search(data, words)).toEqual([]);
    expect([...new Set(search(data, kept).map((found) => found.split(': ')[1]))].toSorted()).toEqual(kept.toSorted());
    expect(['gone-1', 'gone-2', 'gone-3', 'kept-1'].map(line)).toEqual([false, false, false, true]);
    // No model file is left that was trained with the erased examples.
    const models = readdirSync(join(data, 'models')).filter((name) => name.endsWith('.model'));
    expect(models).toHaveLength(1);
    expect(modelsBefore).not.toContain(models[0]);
  },
);

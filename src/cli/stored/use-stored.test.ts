import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { loadConfig } from '../../config/load-config.ts';
import { loadWorkspace } from '../../config/load-workspace.ts';
import { openStore } from '../../store/open-store.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { wordsHash } from '../../ticket/words-hash.ts';
import { createCliIo } from '../io.ts';
import { useStored } from './use-stored.ts';

test.skipIf(!process.env.TEST_PROCESSES)(
  'with --stored, the corrections of the same words are at hand; without it, none are',
  async () => {
    await using folder = await temporaryFolder();
    const { path } = folder;
    const taxonomy = join(path, 'taxonomy.yaml');
    await writeFile(
      taxonomy,
      'name: T\nintents:\n  - { id: a, name: A, description: d }\n  - { id: b, name: B, description: d }\n',
    );
    const config = await loadConfig({
      cwd: path,
      env: {},
      value: { taxonomy },
      overrides: { dataDir: join(path, 'data') },
    });
    const body = 'My lamp hums at night';
    const hash = wordsHash({ body }) ?? '';
    const store = await openStore({ databaseUrl: null, dataDir: config.settings.dataDir });
    await store.transaction(({ examples }) =>
      examples.upsert([
        { example: { id: 'feedback:t:1', body, intent: 'b' }, source: 'feedback', state: 'active', wordsHash: hash },
      ]),
    );
    await store.close();

    const output = new PassThrough();
    const io = createCliIo({ stdout: output, stderr: output, stdin: new PassThrough(), env: {}, cwd: path });
    const workspace = await loadWorkspace(config);
    const use = (stored: boolean, words: string) =>
      useStored({ io, config, workspace, flags: { stored }, ticket: { body: words } });
    const found = await (await use(true, body.toUpperCase())).corrections?.ofWords([hash]);
    expect(found).toMatchObject([{ exampleId: 'feedback:t:1', intent: 'b', state: 'active' }]);
    expect(await (await use(true, 'Something else')).corrections?.ofWords([hash])).toEqual([]);
    expect((await use(false, body)).corrections).toBeNull();
  },
);

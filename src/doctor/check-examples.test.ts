import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { describeFound } from '../store/look-into-store.ts';
import { germanShopExamples, shopExamples, shopIntents } from '../testing/small-taxonomy.ts';
import { openTestPglite } from '../testing/test-stores.ts';
import { checkLanguages, checkStoredLanguages } from './check-examples.ts';

const env = { ANTHROPIC_API_KEY: 'key' };
const note = { check: 'examples', status: 'note' };

test('doctor says which part of the examples in files the embedder does not read', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-doctor-'));
  const intents = Object.keys(shopIntents).map((id) => `{ id: ${id}, name: ${id} }`);
  await writeFile(join(dir, 'taxonomy.yaml'), `name: Shop\nintents: [${intents.join(', ')}]\n`);
  await writeFile(join(dir, 'switchboard.yaml'), 'taxonomy: taxonomy.yaml\nexamples: [examples.jsonl]\n');
  const write = (examples: readonly object[]) =>
    writeFile(join(dir, 'examples.jsonl'), examples.map((example) => JSON.stringify(example)).join('\n'));
  const check = async (environment: Record<string, string>) =>
    checkLanguages(await loadConfig({ cwd: dir, env: environment }));

  await write([...germanShopExamples(), ...shopExamples().slice(0, 8)]);
  const detail = expect.stringMatching(/50 % of the examples .*German.*type: transformers.*type: voyage/);
  expect(await check(env)).toEqual([{ ...note, detail }]);
  expect(await check({})).toEqual([]);
  await write(shopExamples());
  expect(await check(env)).toEqual([]);
  await write([{ id: 'a', intent: 'unknown', body: 'x' }]);
  expect(await check(env)).toEqual([]); // the mistake is a finding of another check
  await rm(dir, { recursive: true });
});

test.skipIf(!process.env.TEST_PROCESSES)(
  'doctor says it of imported and corrected examples by themselves',
  async () => {
    const { store, ...opened } = await openTestPglite();
    const put = (source: 'file' | 'import', examples: ReturnType<typeof shopExamples>) =>
      store.transaction((transaction) => transaction.examples.upsert(examples.map((example) => ({ example, source }))));
    const config = await loadConfig({ cwd: tmpdir(), env });
    const check = () =>
      store.transaction(async ({ executor }) =>
        checkStoredLanguages(await describeFound({ executor, location: 'memory', kind: 'embedded' }), config),
      );
    await put('file', germanShopExamples());
    await put('import', shopExamples().slice(0, 8));
    expect(await check()).toEqual([]);
    await put(
      'import',
      germanShopExamples().map((example) => ({ ...example, id: `imported-${example.id}` })),
    );
    expect(await check()).toEqual([
      { ...note, detail: expect.stringMatching(/50 % of the imported and corrected examples/) },
    ]);
    await opened[Symbol.asyncDispose]();
  },
);

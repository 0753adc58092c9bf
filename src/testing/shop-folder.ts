// The folder of a small shop, whose engine learns in a moment. The model is kept below node_modules, so that tests that do
// not ask how an engine is trained need not wait for it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shopExamples, shopIntents } from './small-taxonomy.ts';
import { copyInto, createCacheFolder, makeOnce, root } from './template-cache.ts';

/** Writes `switchboard.yaml`, `taxonomy.yaml` and `examples.jsonl` of the shop into a folder. */
export function writeShop(path: string): void {
  const write = (name: string, text: string) => writeFileSync(join(path, name), text);
  const intents = Object.entries(shopIntents).map(([id, description]) => ({ id, name: id, description }));
  const config = {
    taxonomy: 'taxonomy.yaml',
    examples: ['examples.jsonl'],
    teams: [
      { id: 'triage', name: 'Triage' },
      { id: 'money', name: 'Money' },
    ],
    // biome-ignore lint/suspicious/noThenProperty: `then` is a key of the configuration file.
    routing: [{ name: 'money', when: { intent: 'billing' }, then: { team: 'money' } }],
    connectors: { api: { type: 'file', mode: 'auto' } },
  };
  write('taxonomy.yaml', JSON.stringify({ name: 'Small shop', intents }));
  write(
    'examples.jsonl',
    shopExamples()
      .map((example) => `${JSON.stringify(example)}\n`)
      .join(''),
  );
  write('switchboard.yaml', JSON.stringify(config, null, 1));
}

/** Hash of everything that determines the model of the shop. */
function hashModelSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of ['src/classifiers', 'src/ticket', 'src/taxonomy', 'src/testing']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (/\.(?:ts|json)$/.test(name)) hash.update(name).update(readFileSync(join(root, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

let knownTemplate: string | null = null;

/** Computed once a process: it reads some 300 files. */
function modelsTemplate(): string {
  knownTemplate ??= join(createCacheFolder(), `models-${hashModelSources()}`);
  return knownTemplate;
}

/** Vitest calls this once, before any test file. */
export default function prepareShopModel(): Promise<void> {
  return makeOnce(modelsTemplate(), async (dir) => {
    const { createDecider } = await import('../app.ts');
    const { loadConfig } = await import('../config/load-config.ts');
    writeShop(dir);
    await (await createDecider({ config: await loadConfig({ cwd: dir, env: {} }) })).close();
    return join(dir, '.switchboard', 'models');
  });
}

/** Puts the trained model of the shop into a data folder. */
export function copyShopModel(dataDir: string): void {
  copyInto(dataDir, 'models', modelsTemplate());
}

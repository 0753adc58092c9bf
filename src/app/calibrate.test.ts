import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCalibrationFile, readCalibrationFiles } from '../classifiers/calibration/calibration-file.ts';
import { ticketKeys } from '../classifiers/calibration/ticket-keys.ts';
import { askedPrompts } from '../config/asked-prompts.ts';
import { loadConfig } from '../config/load-config.ts';
import { startFakeClaude } from '../testing/fake-claude.ts';
import { shopExamples, shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { calibrate, writeCalibrations } from './calibrate.ts';
import { crossFitFolder } from './cross-fit.ts';

const taxonomy = smallTaxonomy(shopIntents);
const varied = shopExamples().flatMap((example) => [
  example,
  { ...example, id: `again-${example.id}`, body: `Good morning, one question. ${example.body} Kind regards, Ana` },
]);
const workspaceOf = (examples: typeof varied) => ({
  taxonomy,
  examples,
  ownExampleIds: new Set<string>(),
  outOfScope: [],
  urgencyPhrases: {},
  calendars: new Map(),
});
const configIn = (dataDir: string, value: object, env: Record<string, string> = {}) =>
  loadConfig({ cwd: '/', env, value: { retrieval: { embedder: 'none' }, ...value }, overrides: { dataDir } });

test('with too few examples it asks for other tickets', async () => {
  await using folder = await temporaryFolder();
  const config = await configIn(folder.path, { classifier: 'local' });
  const workspace = workspaceOf(varied.slice(0, 10));
  await expect(calibrate({ config, workspace, tickets: null, maxUsd: null })).rejects.toThrow(
    /10 examples are too few to calibrate with.*--dataset labelled\.jsonl/,
  );
});

test('tickets that are like no example are too few to calibrate with, however many they are', async () => {
  await using folder = await temporaryFolder();
  const config = await configIn(folder.path, { classifier: 'local' });
  const tickets = Array.from({ length: 40 }, (_, i) => ({ id: `o-${i}`, body: `Blorp zindle ${i}`, intent: null }));
  await expect(calibrate({ config, workspace: workspaceOf(varied), tickets, maxUsd: null })).rejects.toThrow(
    /"local" has an answer to 0 of 40 tickets, which is too few/,
  );
});

// Five trainings, so only with TEST_PROCESSES, which .ci/run sets.
const slow = test.skipIf(!process.env.TEST_PROCESSES);

slow(
  'without tickets it cross-fits on the examples; of Claude it keeps model and prompt, of tickets only hashes',
  async () => {
    await using folder = await temporaryFolder();
    const answer = { reasoning: 'Money.', words: [], intent: 'billing', urgency: 'normal', sentiment: 'neutral' };
    await using fake = await startFakeClaude({ answer: () => ({ ...answer, certainty: 'sure' }) });
    const env = { ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: fake.url };
    const config = await configIn(folder.path, { classifier: 'cascade' }, env);
    const fitted = await calibrate({ config, workspace: workspaceOf(varied), tickets: null, maxUsd: null });
    await writeCalibrations(fitted);
    expect(fitted.map(({ report: { engine, cases } }) => [engine, cases])).toEqual([
      ['local', varied.length],
      ['claude', varied.length],
    ]);
    expect(existsSync(crossFitFolder(config))).toBe(false);
    const file = await readCalibrationFile({ dataDir: folder.path, engine: 'local', taxonomy: taxonomy.version });
    expect(file?.calibration.tickets).toEqual(expect.arrayContaining(varied.flatMap(ticketKeys)));
    expect(file?.calibration).not.toHaveProperty('prompt');
    expect(JSON.stringify(file)).not.toContain('Kind regards');

    const inUse = async (claude: object) => {
      const changed = await configIn(folder.path, { classifier: 'cascade', claude }, env);
      const asked = await askedPrompts({ config: changed, taxonomy });
      const found = await readCalibrationFiles({ dataDir: folder.path, taxonomy: taxonomy.version, asked });
      return { isInUse: found.get('claude') !== null, why: found.setAside.map(({ why }) => why).join() };
    };
    expect(await inUse({})).toEqual({ isInUse: true, why: '' });
    expect((await inUse({ model: 'claude-sonnet-5-5' })).why).toMatch(/fitted with claude-haiku-5-5/);
    for (const changed of [{ instructions: 'Refunds are billing.' }, { hint: 'never' }, { effort: 'high' }]) {
      expect(await inUse(changed)).toMatchObject({ isInUse: false, why: expect.stringMatching(/fitted with prompt/) });
    }
  },
);

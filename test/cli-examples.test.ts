// Stored examples from the command line: through a server that has the store open, and directly without one.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { runManifestSchema } from '../src/evaluation/run/run-manifest.ts';
import { openStore } from '../src/store/open-store.ts';
import { copyStoreTemplate } from '../src/testing/store-template.ts';
import { createTestDatabase, testDatabaseUrl } from '../src/testing/test-stores.ts';
import { createShopDir, createTempDir, runMain } from './cli-harness.ts';
import { startService, type TestService } from './http-harness.ts';

vi.setConfig({ testTimeout: 120_000 });

const imported = [
  { id: 'new-1', body: 'The drone dropped my box in a pond', intent: 'shipping' },
  { id: 'new-2', body: 'Subtract the surcharge from my statement', intent: 'billing' },
];
const lines = (tickets: readonly object[]) => tickets.map((ticket) => `${JSON.stringify(ticket)}\n`).join('');

let dir: ReturnType<typeof createShopDir>;
const cli = (...args: string[]) => runMain(args, { cwd: dir.path });
const write = (name: string, text: string) => writeFileSync(join(dir.path, name), text);
const listed = async (...args: string[]) => JSON.parse((await cli('examples', 'list', '--json', ...args)).stdout);
const idsOf = (items: readonly { example: { id: string } }[]) => items.map(({ example }) => example.id);
/** The id of one of the shop's own examples. */
const ownId = () => JSON.parse(readFileSync(join(dir.path, 'examples.jsonl'), 'utf8').split('\n')[0] ?? '').id;

/** Imports two examples and corrects a ticket into a third. */
async function fillStore(service: TestService): Promise<void> {
  write('new.jsonl', lines(imported));
  const run = await cli('import', 'examples', 'new.jsonl', '--json');
  expect(run.code, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ added: 2, through: service.url });
  const actor = { kind: 'user', id: 'ana' } as const;
  const ticket = { id: 't-1', body: 'The zip jams' };
  const { ticketId } = await service.app.intake({ connector: 'api', ticket, actor });
  await service.app.feedback({ ticketId, feedback: { intent: 'returns' }, actor });
}

describe('through the server that has the store open', () => {
  let service: TestService;
  beforeAll(async () => {
    dir = createShopDir();
    service = await startService({ dir: dir.path });
    await fillStore(service);
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    dir[Symbol.dispose]();
  });

  test('list shows where each example comes from and who added it, and has filters', async () => {
    expect(idsOf(await listed('--source', 'import'))).toEqual(['new-1', 'new-2']);
    expect(await listed('--source', 'feedback', '--actor', 'ana')).toMatchObject([
      { example: { body: 'The zip jams', intent: 'returns' }, source: 'feedback', actor: { kind: 'user', id: 'ana' } },
    ]);
    expect(idsOf(await listed('--intent', 'billing', '--text', 'SURCHARGE'))).toEqual(['new-2']);
    expect(await listed('--state', 'waiting')).toEqual([]);
    const all = await listed();
    expect(all.length).toBeGreaterThan(20);
    const shown = await cli('examples', 'list', '--limit', '1', '--source', 'import');
    expect(shown.stdout).toMatch(/^new-1 {2}shipping {2}import by .+, \d{4}-\d\d-\d\d\n {2}The drone dropped/);
    expect(shown.stderr).toContain('1 example, and there are more.');
  });

  test('list shows tickets that belong to nobody, until that is undone', async () => {
    const actor = { kind: 'user', id: 'ben' } as const;
    const ticket = { id: 't-nobody', body: 'Do you know somebody who shares my flat?' };
    const { ticketId } = await service.app.intake({ connector: 'api', ticket, actor });
    const { id: feedbackId } = await service.app.feedback({ ticketId, feedback: { outOfScope: true }, actor });
    expect(await listed('--out-of-scope')).toMatchObject([{ example: { intent: null, outOfScope: true } }]);
    expect((await cli('examples', 'list', '--out-of-scope')).stdout).toContain('belongs to nobody');
    await service.app.undoFeedback({ ticketId, feedbackId, actor });
    expect(await listed('--out-of-scope')).toEqual([]);
  });

  test('export leaves out the own files, and writes a private file that can be imported and configured', async () => {
    const run = await cli('examples', 'export', 'out.jsonl');
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('3 examples in out.jsonl.') });
    const file = join(dir.path, 'out.jsonl');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const printed = await cli('examples', 'export', '--source', 'file');
    expect(printed.stdout.split('\n')[0]).toContain('"intent"');

    using other = createShopDir();
    const again = await runMain(['import', 'examples', file, '--json'], { cwd: other.path });
    expect(JSON.parse(again.stdout)).toMatchObject({ added: 3, skipped: 0, through: 'store' });
    const config = readFileSync(join(other.path, 'switchboard.yaml'), 'utf8');
    const withExport = { ...JSON.parse(config), examples: ['examples.jsonl', file] };
    writeFileSync(join(other.path, 'switchboard.yaml'), JSON.stringify(withExport));
    expect((await runMain(['config', 'check'], { cwd: other.path })).code).toBe(0);
  });

  test('an import with ids of own files or of a correction is refused as a whole, and names the lines', async () => {
    const [correction] = idsOf(await listed('--source', 'feedback'));
    const fresh = { id: 'fresh', body: 'A fresh one', intent: 'billing' };
    write('own.jsonl', `\n${lines([fresh, { ...fresh, id: ownId() }])}`);
    const own = await cli('import', 'examples', 'own.jsonl');
    expect(own.code).toBe(2);
    expect(own.stderr).toContain(`own.jsonl:3: the id "${ownId()}" belongs to your own example files`);
    write('corrected.jsonl', lines([fresh, { ...fresh, id: correction }]));
    const corrected = await cli('import', 'examples', 'corrected.jsonl');
    expect(corrected.code).toBe(2);
    expect(corrected.stderr).toMatch(/corrected\.jsonl:2: the id "feedback:.*" belongs to a correction/);
    expect(await listed('--text', 'A fresh one')).toEqual([]);
  });

  // Trains for each command, so it needs TEST_PROCESSES.
  test.skipIf(!process.env.TEST_PROCESSES)(
    'route, prompt and calibrate say how many examples they leave out, and use them with --stored',
    async () => {
      const text = 'The drone dropped my box in a pond';
      const without = await cli('route', '--json', '--text', text);
      expect(JSON.parse(without.stdout)).toMatchObject({ storedExamples: { leftOut: 3 } });
      expect(without.stderr).toContain(
        'Left out 3 stored examples (imports and corrections). Add --stored to use them.',
      );
      const stored = await cli('route', '--json', '--text', text, '--stored');
      const result = JSON.parse(stored.stdout);
      expect(result).toMatchObject({ classification: { intent: 'shipping' }, storedExamples: { used: 3 } });
      expect(result.classification.nearestExamples[0]).toMatchObject({ id: 'new-1' });
      expect(stored.stderr).toContain(`Using 3 stored examples (imports and corrections) of ${service.url}.`);

      const prompt = await cli('prompt', '--text', text, '--stored');
      expect(prompt.stdout).toContain('in a pond');
      expect(JSON.stringify(JSON.parse(prompt.stdout)).split('in a pond')).toHaveLength(3); // the ticket and the example
      expect((await cli('prompt', '--text', text)).stderr).toContain('Left out 3 stored examples');

      write('few.jsonl', lines([{ id: 'few', body: 'Where is it?', intent: 'shipping' }]));
      const calibrate = await cli('calibrate', '--dataset', 'few.jsonl', '--stored');
      expect(calibrate.stderr).toContain('Using 3 stored examples');
    },
  );

  test('evaluate --stored records the stored examples, and drops those that the data set contains', async () => {
    const tickets = [
      { id: 't-a', body: 'the DRONE dropped my box in a pond!', intent: 'shipping' },
      { id: 't-b', body: 'My card was charged twice', intent: 'billing' },
      { id: 't-c', body: 'The zipper is broken, I want to send it back', intent: 'returns', variantOf: 'new-2' },
    ];
    write('tickets.jsonl', lines(tickets));
    const args = ['evaluate', '--dataset', 'tickets.jsonl', '--criteria', 'routing-accuracy', '--json'];
    const run = await cli(...args, '--stored');
    expect(run.code, run.stderr).toBe(0);
    const result = JSON.parse(run.stdout);
    expect(result).toMatchObject({ storedExamples: { used: 3 }, leakage: 2 });
    const manifestFile = join(dir.path, 'runs', result.run, 'manifest.json');
    const manifest = runManifestSchema.parse(JSON.parse(readFileSync(manifestFile, 'utf8')));
    expect(manifest.stored).toEqual({ count: 3, version: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(manifest.leakage).toMatchObject({ dropped: 2, byText: 1, byGroup: 1 });

    const resumed = await cli(...args, '--resume', result.run);
    expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining('stored examples (--stored)') });
    expect((await cli(...args, '--resume', result.run, '--stored')).code).toBe(0);
  });

  test('--stored and another taxonomy exclude each other', async () => {
    const run = await cli('prompt', '--taxonomy', 'taxonomy.yaml', '--text', 'x', '--stored');
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('--stored and --taxonomy') });
  });

  test('remove asks at a terminal, is refused without one, and removes only what exists', async () => {
    const remove = (ids: string[], answer?: string) =>
      runMain(['examples', 'remove', ...ids, ...(answer === undefined ? ['--yes'] : [])], {
        cwd: dir.path,
        stdin: answer,
        typesAtTerminal: answer !== undefined,
      });
    expect(await cli('examples', 'remove', 'new-1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    expect((await remove(['new-1'], 'n\n')).stderr).toContain('Nothing was removed.');
    expect(idsOf(await listed('--source', 'import'))).toEqual(['new-1', 'new-2']);
    const own = await remove([ownId()]);
    expect(own).toMatchObject({ code: 2, stderr: expect.stringContaining("comes from the company's own files") });
    const gone = await remove(['new-1', 'nothing']);
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('Removed before that: 1 example.') });
    expect((await remove(['new-2'], 'yes\n')).stdout).toBe('1 example removed.\n');
    expect(await listed('--source', 'import')).toEqual([]);
  });

  test('approve lets the engine learn waiting examples, and says how many it approved before one failed', async () => {
    const feedback = { intent: 'shipping' };
    const { state } = await service.app.feedback({ ticketId: 't-1', feedback, actor: { kind: 'user', id: 'ben' } });
    expect(state).toBe('waiting');
    const [learned] = idsOf(await listed('--source', 'feedback', '--state', 'active'));
    await service.app.store.examples.upsert([
      { example: { id: 'held', body: 'Held back', intent: 'billing' }, source: 'import', state: 'waiting', why: 'x' },
    ]);
    const partly = await cli('examples', 'approve', 'held', learned ?? '');
    expect(partly.code).toBe(1);
    expect(partly.stderr).toContain(
      `The example "${learned}" does not wait for a review. Approved before that: 1 example.`,
    );
    const [waiting] = idsOf(await listed('--state', 'waiting'));
    expect((await cli('examples', 'approve', waiting ?? '', '--json')).stdout).toBe('{\n  "approved": 1\n}\n');
    expect(await listed('--state', 'waiting')).toEqual([]);
    expect(await listed('--source', 'feedback')).toMatchObject([{ example: { id: waiting, intent: 'shipping' } }]);
    const missing = await cli('examples', 'approve', 'nothing');
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no example "nothing"') });
  });
});

// It opens the store anew for each command, so it needs TEST_PROCESSES.
describe.skipIf(!process.env.TEST_PROCESSES)('on a store that no process has open', () => {
  test('imports, lists, exports and removes; without --stored, route does not open the store', async () => {
    dir = createShopDir({ hasStore: false });
    using _ = dir;
    const fresh = await cli('route', '--json', '--text', 'Where is my parcel?', '--stored');
    expect(JSON.parse(fresh.stdout)).toMatchObject({ storedExamples: { used: 0 } });
    const unknown = await cli('route', '--json', '--text', 'Where is my parcel?');
    expect(JSON.parse(unknown.stdout)).toMatchObject({ storedExamples: { leftOut: null } });
    expect(existsSync(join(dir.path, '.switchboard', 'store'))).toBe(false);

    copyStoreTemplate(join(dir.path, '.switchboard'));
    write('new.jsonl', lines(imported));
    expect((await cli('import', 'examples', 'new.jsonl')).stdout).toContain('2 examples: 2 added');
    expect(idsOf(await listed())).toEqual(['new-1', 'new-2']);
    const routed = await cli('route', '--json', '--text', 'A pond? The drone dropped my box there', '--stored');
    expect(JSON.parse(routed.stdout)).toMatchObject({ storedExamples: { used: 2 } });
    expect((await cli('examples', 'export')).stdout).toBe(lines(imported));
    expect((await cli('examples', 'remove', 'new-1', 'nothing', '--yes')).code).toBe(1);
    expect((await cli('examples', 'remove', 'new-1', '--yes')).stdout).toBe('1 example removed.\n');
    expect(idsOf(await listed())).toEqual(['new-2']);

    const store = await openStore({ databaseUrl: null, dataDir: join(dir.path, '.switchboard') });
    const held = { id: 'held', body: 'Held back', intent: 'billing' };
    await store.examples.upsert([{ example: held, source: 'import', state: 'waiting' }]);
    await store.close();
    expect((await cli('examples', 'approve', 'held')).stdout).toBe('1 example approved.\n');

    // Examples are found by the new id of their intent after it was renamed.
    const taxonomy = JSON.parse(readFileSync(join(dir.path, 'taxonomy.yaml'), 'utf8'));
    const billing = taxonomy.intents.find(({ id }: { id: string }) => id === 'billing');
    Object.assign(billing, { id: 'money', aliases: ['billing'] });
    write('taxonomy.yaml', JSON.stringify(taxonomy));
    expect(idsOf(await listed('--intent', 'money', '--state', 'active'))).toEqual(['held', 'new-2']);
  });
});

describe.skipIf(testDatabaseUrl === null)('on PostgreSQL', () => {
  test('counts and reads examples without changing the database', async () => {
    using dir = createTempDir();
    const { databaseUrl, drop } = await createTestDatabase();
    const options = { cwd: dir.path, env: { DATABASE_URL: databaseUrl } };
    const route = async (...args: string[]) => runMain(['route', '--json', '--text', 'Where is it?', ...args], options);
    try {
      // The tables do not exist yet, and a command that only reads must not create them.
      expect(JSON.parse((await route()).stdout)).toMatchObject({ storedExamples: { leftOut: null } });
      expect(await route('--stored')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('switchboard migrate'),
      });
      expect(await route('--stored')).toMatchObject({ code: 1, stderr: expect.stringContaining('no tables') });

      const app = await createApp({ config: await loadConfig({ cwd: dir.path, env: options.env }), hasEngine: false });
      const actor = { kind: 'token', id: 'desk' } as const;
      const intent = app.taxonomy.leaves[0]?.id ?? '';
      await app.importExamples({ examples: [{ id: 'pg-1', body: 'From elsewhere', intent }], actor });
      await app.close();
      expect(JSON.parse((await route()).stdout)).toMatchObject({ storedExamples: { leftOut: 1 } });
      expect(JSON.parse((await route('--stored')).stdout)).toMatchObject({ storedExamples: { used: 1 } });
      const listed = await runMain(['examples', 'list', '--json', '--source', 'import'], options);
      expect(JSON.parse(listed.stdout)).toMatchObject([{ actor, source: 'import' }]);
    } finally {
      await drop();
    }
  });
});

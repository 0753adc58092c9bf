// `erase` through a server that has the store open, and directly on a store that no process has open.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createShopDir, runMain } from './cli-harness.ts';
import { startService } from './http-harness.ts';

vi.setConfig({ testTimeout: 180_000 });

/** Slow, so only with TEST_PROCESSES, which .ci/run sets. */
const slow = test.skipIf(!process.env.TEST_PROCESSES);

const actor = { kind: 'user', id: 'ana' } as const;

slow(
  'a requester is erased through the running server, and another directly from the store after it stopped',
  async () => {
    using dir = createShopDir();
    const cli = (...args: string[]) => runMain(['erase', ...args], { cwd: dir.path });
    {
      await using service = await startService({ dir: dir.path });
      const delivered = new Set<string>();
      const all = Promise.withResolvers<void>();
      service.app.events.subscribe({
        onEvent: ({ ticketId, event }) => {
          if (event === 'delivered' && ticketId !== null) delivered.add(ticketId);
          if (delivered.size === 3) all.resolve();
        },
      });
      for (const [id, email] of [
        ['a-1', 'ada@example.com'],
        ['b-1', 'bob@example.com'],
        ['b-2', 'BOB@example.com'],
      ]) {
        const ticket = { id, body: 'Where is my parcel?', requester: { email } };
        await service.app.intake({ connector: 'api', actor, ticket });
      }
      await all.promise;
      await service.app.feedback({ ticketId: 'a-1', feedback: { intent: 'returns' }, actor });

      // Nothing is erased when there is no terminal to ask and no --yes.
      const unasked = await cli('--requester', 'ada@example.com');
      expect(unasked.code).toBe(2);
      expect(unasked.stderr).toContain('--yes');
      const run = await cli('--requester', 'ada@example.com', '--yes', '--json');
      expect(run.code, run.stderr).toBe(0);
      expect(JSON.parse(run.stdout)).toEqual({
        ...{ ticketIds: ['a-1'], examples: 1, ownExampleIds: [], through: service.url },
        ...{ runs: [], busy: [], datasetFiles: [] },
      });
      expect(await service.app.store.tickets.get('a-1')).toBeNull();
    }
    const run = await cli('--requester', 'bob@example.com', '--yes');
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toBe('2 tickets and 0 examples erased.\n');
    // No file has the erased tickets any more, nor those that the server had erased.
    const outbox = readFileSync(join(dir.path, '.switchboard/outbox/api.jsonl'), 'utf8');
    for (const id of ['a-1', 'b-1', 'b-2']) expect(outbox).not.toContain(`"${id}"`);
    const mark = JSON.parse(readFileSync(join(dir.path, '.switchboard/erased.json'), 'utf8'));
    expect(mark).toMatchObject({ connectors: { id: 2 }, engine: { id: 2 }, store: { id: 2 } });
    expect((await cli('--ticket', 'b-1', '--yes')).stdout).toBe('Nothing was erased: no stored ticket has this id.\n');
  },
);

test('exactly one of --requester and --ticket is accepted, and an unknown ticket erases nothing', async () => {
  using dir = createShopDir();
  const cli = (...args: string[]) => runMain(['erase', ...args], { cwd: dir.path });
  for (const args of [[], ['--requester', ' '], ['--requester', 'a@b.example', '--ticket', 't-1']]) {
    const run = await cli(...args, '--yes');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('--requester ADDRESS, or --ticket ID');
  }
  expect((await cli('--ticket', 't-1', '--yes')).stdout).toBe('Nothing was erased: no stored ticket has this id.\n');
});

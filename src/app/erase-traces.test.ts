import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemActor } from '../base/actor.ts';
import type { Erasure } from '../store/store.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { createTraceEraser } from './erase-traces.ts';

/** A trace eraser over a list of erasures, with a record of the steps that it ran. */
async function openTraces(options: { kind?: 'embedded' | 'postgresql'; hasEngine?: boolean } = {}) {
  const { kind = 'embedded', hasEngine = true } = options;
  const folder = await temporaryFolder();
  const erasures: Erasure[] = [];
  const done: string[] = [];
  const failing = new Set<string>();
  const did = async (what: string) => {
    if (failing.has(what.split(' ')[0] ?? '')) throw new Error(`${what} failed`);
    done.push(what);
  };
  const store = {
    kind,
    compact: () => did('compact'),
    erasures: {
      after: async (id: number, limit: number) => erasures.filter((erasure) => erasure.id > id).slice(0, limit),
    },
  };
  const open = () =>
    createTraceEraser({
      // The cast: the parts of the store that the eraser uses, and no others.
      store: store as never,
      connectors: [
        { name: 'plain', type: 'fake', deliver: async () => ({ state: 'delivered' }) },
        {
          ...{ name: 'desk', type: 'fake', deliver: async () => ({ state: 'delivered' as const }) },
          erase: ({ ticketIds }) => did(`outbox ${ticketIds.join(',')}`),
        },
      ],
      engine: hasEngine ? { dropTraces: () => did('engine') } : null,
      dataDir: join(folder.path, 'data'),
    });
  return {
    open,
    traces: open(),
    failing,
    file: join(folder.path, 'data/erased.json'),
    add(ticketIds: readonly string[], { examples = 1, at = '2026-11-22T10:00:00.000Z' } = {}) {
      const id = (erasures.at(-1)?.id ?? 0) + 1;
      erasures.push({ id, at, actor: systemActor, tickets: ticketIds.length, examples, ticketIds });
    },
    /** Another database takes the place of this one. */
    startAnew: () => erasures.splice(0),
    /** The steps since the last call. */
    done: () => done.splice(0),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test('what was erased is removed from connectors, engine and store once, also across processes', async () => {
  await using fixture = await openTraces();
  const { traces, add, done } = fixture;
  await traces.run({ compacts: true });
  expect(done()).toEqual([]);
  add(['a', 'b']);
  add(['c']);
  await traces.run({ compacts: true });
  expect(done()).toEqual(['outbox a,b,c', 'engine', 'compact']);
  await fixture.open().run({ compacts: true });
  expect(done()).toEqual([]);
  add(['d'], { examples: 0 });
  await fixture.open().run({ compacts: true });
  // No example was made of it, so the engine is left alone.
  expect(done()).toEqual(['outbox d', 'compact']);
});

test('the files of the store wait until a run compacts them', async () => {
  await using fixture = await openTraces();
  const { traces, add, done } = fixture;
  expect(await traces.waitingSince()).toBeNull();
  add(['a'], { at: '2026-11-22T10:00:00.000Z' });
  add(['b'], { at: '2026-11-22T11:00:00.000Z' });
  await traces.run({ compacts: false });
  expect(done()).toEqual(['outbox a,b', 'engine']);
  expect(await traces.waitingSince()).toEqual(new Date('2026-11-22T10:00:00.000Z'));
  await traces.run({ compacts: true });
  expect(done()).toEqual(['compact']);
  expect(await traces.waitingSince()).toBeNull();
});

test('a step that fails is reported, does not stop the others, and is done by the next run', async () => {
  await using fixture = await openTraces();
  const { traces, add, done, failing } = fixture;
  add(['a']);
  failing.add('outbox');
  await expect(traces.run({ compacts: true })).rejects.toThrow('outbox a failed');
  expect(done()).toEqual(['engine', 'compact']);
  failing.clear();
  add(['b']);
  await traces.run({ compacts: true });
  expect(done()).toEqual(['outbox a,b', 'engine', 'compact']);
});

test('a run that is stopped does no further step, and the next run does them', async () => {
  await using fixture = await openTraces();
  const { traces, add, done } = fixture;
  add(['a']);
  await expect(traces.run({ compacts: true, signal: AbortSignal.abort() })).rejects.toThrow();
  expect(done()).toEqual([]);
  await traces.run({ compacts: true });
  expect(done()).toEqual(['outbox a', 'engine', 'compact']);
});

test('on PostgreSQL a server without an engine cleans only the files of connectors', async () => {
  await using fixture = await openTraces({ kind: 'postgresql', hasEngine: false });
  fixture.add(['a']);
  await fixture.traces.run({ compacts: true });
  expect(fixture.done()).toEqual(['outbox a']);
  expect(await fixture.traces.waitingSince()).toBeNull();
});

test('with a new database, or when its own file cannot be read, it starts from the first erasure', async () => {
  await using fixture = await openTraces();
  const { traces, add, done } = fixture;
  add(['a']);
  add(['b']);
  await traces.run({ compacts: true });
  done();
  fixture.startAnew();
  for (const id of ['x', 'y', 'z']) add([id], { at: '2026-12-01T10:00:00.000Z' });
  await traces.run({ compacts: true });
  expect(done()).toEqual(['outbox x,y,z', 'engine', 'compact']);
  expect(JSON.parse(await readFile(fixture.file, 'utf8'))).toMatchObject({ store: { id: 3 } });
  await writeFile(fixture.file, '{ "store": 7');
  await traces.run({ compacts: true });
  expect(done()).toEqual(['outbox x,y,z', 'engine', 'compact']);
});

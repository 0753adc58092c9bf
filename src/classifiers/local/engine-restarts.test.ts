// What happens to the engine and to pending calls when its thread ends, with a fake thread that ends on request.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { CRASH, FAIL, NEVER, TRAINER } from '../../testing/fake-engine-texts.ts';
import { EngineClient, type EngineStatus } from './engine-client.ts';
import { RAN_WELL_MS } from './restart-delays.ts';

function openEngine({ startsWith = [], searches = false }: { startsWith?: string[]; searches?: boolean } = {}) {
  const statuses: EngineStatus[] = [];
  const abandoned: number[] = [];
  const recovered = Promise.withResolvers<void>();
  const pauses: number[] = [];
  /** The body of the example at each start. */
  const starts = [...startsWith];
  const time = { now: 0 };
  let onPause = async (_ms: number) => {};
  const client = new EngineClient({
    open: {
      taxonomyVersion: '1',
      intents: [],
      cacheDir: null,
      sharesModels: false,
      useEncoder: searches,
      confidence: { targetPrecision: 0.9 },
    },
    examples: () => [{ example: { id: 'e', intent: 'a', body: starts.shift() ?? 'fine' }, quotable: false }],
    onProgress: () => undefined,
    onState: () => undefined,
    turns: {
      claim: async () => null,
      finish: async () => {},
      shared: async () => {},
      giveUp: async () => void abandoned.push(client.worker.threadId),
    },
    onStatus: (status) => {
      statuses.push(status);
      if (status.ok) recovered.resolve();
    },
    worker: new URL('../../testing/fake-engine-worker.ts', import.meta.url),
    wait: async ({ ms }) => {
      pauses.push(ms);
      await onPause(ms);
    },
    now: () => time.now,
  });
  return {
    client,
    statuses,
    abandoned,
    recovered: recovered.promise,
    pauses,
    starts,
    time,
    /** Sets what happens in each pause before a start. */
    duringPause: (run: (ms: number) => Promise<void>) => {
      onPause = run;
    },
    ask: async (body: string) => (await client.call('classify', { ticket: { id: body, body } })).intent,
    search: async (text: string) => {
      const { found } = await client.call('search', { text, k: 1, perIntent: 1, minSimilarity: 0 });
      return found[0]?.id;
    },
    async crash() {
      const ended = once(client.worker, 'exit');
      await client.worker.terminate();
      await ended;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

test('the engine is started again after every crash, with growing delays of up to a minute', async () => {
  await using engine = openEngine();
  await engine.client.ready();
  engine.starts.push(...Array<string>(7).fill(CRASH), FAIL);
  await engine.crash();
  const refused: unknown[] = [];
  engine.duringPause(async (ms) => {
    // A call that comes long before the next start is refused and does not wait.
    if (ms === 8_000) refused.push(await engine.ask('too early').catch((error: unknown) => error));
  });
  await engine.recovered;
  expect(engine.client.status).toEqual({ ok: true });
  expect(await engine.ask('after all')).toBe('after all');
  expect(engine.pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => 1_000 * seconds));
  expect(refused).toEqual([
    expect.objectContaining({ unavailable: true, retryable: true, code: 'classifier-unavailable' }),
  ]);
  // Unavailable since the first crash, and available at the end.
  const away = engine.statuses.flatMap((status) => (status.ok ? [] : [status]));
  expect(engine.statuses).toHaveLength(10);
  expect(away).toHaveLength(9);
  expect(new Set(away.map(({ since }) => since)).size).toBe(1);
  expect(away[8]?.why).toBe('The embedded engine could not be started: there is no room.');
});

test('a thread that ends gives up its turn to train, so that another process can train', async () => {
  await using engine = openEngine();
  await engine.client.ready();
  expect(engine.abandoned).toEqual([]);
  await engine.crash();
  expect(engine.abandoned).toHaveLength(1);
});

test.each(['crashes', 'is closed'])('a process that trains does not outlive an engine that %s', async (how) => {
  await using engine = openEngine();
  await engine.client.ready();
  const trainer = spawn(process.execPath, ['--eval', 'process.stdin.resume()']);
  const ended = once(trainer, 'exit');
  await engine.ask(`${TRAINER}${trainer.pid}`);
  await (how === 'crashes' ? engine.crash() : engine.client.close());
  expect(await ended).toEqual([null, 'SIGTERM']);
});

test('after a long run without a crash, the delays start again at the shortest', async () => {
  await using engine = openEngine();
  await engine.client.ready();
  await engine.crash();
  expect(await engine.ask('once')).toBe('once');
  engine.time.now += RAN_WELL_MS - 1;
  await engine.crash();
  expect(await engine.ask('twice')).toBe('twice');
  engine.time.now += RAN_WELL_MS;
  await engine.crash();
  expect(await engine.ask('a third time')).toBe('a third time');
  expect(engine.pauses).toEqual([1_000, 2_000, 1_000]);
});

test('a ticket that crashes the engine twice is rejected, and the others are answered', async () => {
  await using engine = openEngine();
  await engine.client.ready();
  const asked = ['a', CRASH, 'b', 'c', 'd'].map((body) => engine.ask(body));
  const [a, poison, ...others] = await Promise.allSettled(asked);
  expect([a, ...others].map((result) => result?.status === 'fulfilled' && result.value)).toEqual(['a', 'b', 'c', 'd']);
  expect(poison).toMatchObject({ status: 'rejected', reason: { retryable: false, unavailable: false } });
  expect(engine.pauses).toEqual([1_000, 2_000]);
});

test('a call that is cancelled while the engine restarts is not sent again', async () => {
  await using engine = openEngine();
  await engine.client.ready();
  const stop = new AbortController();
  engine.duringPause(async () => stop.abort());
  const asked = engine.client.call('classify', { ticket: { id: CRASH, body: CRASH } }, stop.signal);
  await expect(asked).rejects.toMatchObject({ retryable: true, unavailable: false });
  expect(await engine.ask('another')).toBe('another');
  expect(engine.pauses).toEqual([1_000]);
});

test('the first start is tried twice after a crash, and once where the engine reports that it cannot start', async () => {
  await using lucky = openEngine({ startsWith: [CRASH] });
  await lucky.client.ready();
  expect(await lucky.ask('a')).toBe('a');
  await using crashing = openEngine({ startsWith: [CRASH, CRASH] });
  await expect(crashing.client.ready()).rejects.toThrow(/The embedded engine crashed/);
  await expect(crashing.ask('a')).rejects.toMatchObject({ unavailable: true });
  await using failing = openEngine({ startsWith: [FAIL] });
  await expect(failing.client.ready()).rejects.toThrow('could not be started: there is no room');
  expect(failing.pauses).toEqual([]);
});

test('an engine that is closed before its next start stays closed', async () => {
  const engine = openEngine();
  await engine.client.ready();
  const closed = Promise.withResolvers<void>();
  engine.duringPause(async () => {
    await engine.client.close();
    closed.resolve();
  });
  const asked = engine.ask(CRASH);
  // Unavailable: the ticket is not to blame, and is classified after the next start.
  await expect(asked).rejects.toMatchObject({ message: expect.stringMatching(/has been closed/), unavailable: true });
  await closed.promise;
  await expect(engine.ask('a')).rejects.toThrow(/has been closed/);
  expect(engine.pauses).toEqual([1_000]);
});

test('when the search thread crashes under load, all is asked again, and a search that crashes it twice is rejected', async () => {
  await using engine = openEngine({ searches: true });
  await engine.client.ready();
  const texts = Array.from({ length: 30 }, (_, i) => (i === 10 ? CRASH : `search ${i}`));
  const searches = texts.map((text) => engine.search(text));
  const tickets = ['a', 'b', 'c'].map((body) => engine.ask(body));
  const found = await Promise.allSettled(searches);
  const [poison] = found.splice(10, 1);
  expect(found.map((result) => result.status === 'fulfilled' && result.value)).toEqual(
    texts.filter((text) => text !== CRASH),
  );
  expect(poison).toMatchObject({ status: 'rejected', reason: { retryable: false, unavailable: false } });
  expect(await Promise.all(tickets)).toEqual(['a', 'b', 'c']);
  expect(engine.pauses).toEqual([1_000, 2_000]);
  expect(await engine.search('afterwards')).toBe('afterwards');
});

test('a search is answered while the thread of the engine does something long', async () => {
  await using engine = openEngine({ searches: true });
  await engine.client.ready();
  const asked = engine.ask(NEVER);
  asked.catch(() => undefined);
  expect(await engine.search('meanwhile')).toBe('meanwhile');
  await engine.client.close();
  await expect(asked).rejects.toThrow(/has been closed/);
});

test('a search that is under way when the engine is closed is rejected', async () => {
  await using engine = openEngine({ searches: true });
  await engine.client.ready();
  const asked = engine.search(NEVER);
  const refused = expect(asked).rejects.toThrow(/has been closed/);
  await engine.client.close();
  await refused;
  await expect(engine.search('later')).rejects.toThrow(/has been closed/);
});

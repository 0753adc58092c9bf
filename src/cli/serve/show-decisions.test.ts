import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import type { Subscription } from '../../store/event-feed.ts';
import type { TicketRecord } from '../../store/store.ts';
import { sampleClassification, sampleDecision, sampleEntry } from '../../testing/sample-values.ts';
import { createCliIo } from '../io.ts';
import { createLineView, createLogView, type DecisionView, showDecisions } from './show-decisions.ts';

/** An app that decides a ticket, and a clock whose second ends, when the test says so. */
function createStage(
  engine: { kind: 'local' | 'cascade'; why: string } = { kind: 'local', why: 'a test' },
  { waiting = 0 }: { waiting?: number } = {},
) {
  const listeners = new Set<Subscription['onEvent']>();
  const seconds: (() => void)[] = [];
  let reads = 0;
  const record = (ticketId: string): TicketRecord => ({
    ...{ ticketId, revision: 1, state: 'decided', receivedAt: '2026-11-22T10:00:00.000Z', connector: 'api' },
    ...{ externalId: ticketId, ticket: { id: ticketId, subject: `About ${ticketId}` }, assignment: null },
    classification: sampleClassification({ stage: 'none', stageReason: 'Claude did not answer in time' }),
    ...{ decision: sampleDecision({ id: 'd' }), delivery: null, place: null, changes: [] },
    ...{ feedback: [], history: [] },
  });
  const app = {
    engine,
    events: {
      subscribe({ onEvent }: Subscription) {
        listeners.add(onEvent);
        return () => listeners.delete(onEvent);
      },
    },
    store: {
      tickets: {
        countWaiting: async () => waiting,
        oldestWaitingSeconds: async () => (waiting === 0 ? null : 31.7),
        getRecord: async (ticketId: string) => {
          reads += 1;
          return record(ticketId);
        },
      },
    },
  };
  const decide = (ticketId: string) => {
    const entry = { ...sampleEntry({ ticketId, event: 'decided' }), seq: 1, at: '2026-11-22T10:00:00.042Z' };
    for (const listener of listeners) listener(entry);
  };
  return {
    app,
    decide,
    decideMany: (count: number) => Array.from({ length: count }, (_, i) => decide(`t-${i + 1}`)),
    listeners,
    reads: () => reads,
    schedule: (work: () => void) => {
      seconds.push(work);
      return () => seconds.splice(seconds.indexOf(work), 1);
    },
    endSecond() {
      for (const end of seconds.splice(0)) end();
    },
    seconds,
  };
}

function collectLines() {
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const io = createCliIo({ stdout, stderr: stdout, stdin: process.stdin, env: {}, cwd: '/' });
  return { io, lines: () => text.split('\n').filter((line) => line !== '') };
}

/** Resolves when everything that was to be shown has been shown. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('each decision is a line below a header', async () => {
  const { app, decide, schedule } = createStage();
  const { io, lines } = collectLines();
  showDecisions({ app, view: createLineView(io, app), schedule });
  decide('t-1');
  decide('t-2');
  await settled();
  expect(lines()).toEqual([
    expect.stringContaining('team'),
    expect.stringMatching(/About t-1 .* orders .* 42 ms$/),
    expect.stringMatching(/About t-2 /),
  ]);
});

test('of two hundred decisions in a second, ten are lines and the others are counted by team', async () => {
  const { app, decide, decideMany, schedule, endSecond, reads } = createStage();
  const { io, lines } = collectLines();
  showDecisions({ app, view: createLineView(io, app), schedule });
  decideMany(200);
  await settled();
  expect(lines()).toHaveLength(11);
  expect(reads()).toBe(10);
  endSecond();
  await settled();
  expect(lines().at(-1)?.trim()).toBe('and 190 more decisions: orders 190');
  decide('later');
  await settled();
  expect(lines().at(-1)).toContain('About later');
  endSecond();
  await settled();
  expect(lines()).toHaveLength(13);
});

test('the line of further decisions says how many tickets wait, and how long the oldest has', async () => {
  const { app, decideMany, schedule, endSecond } = createStage(undefined, { waiting: 2_300 });
  const { io, lines } = collectLines();
  showDecisions({ app, view: createLineView(io, app), schedule });
  decideMany(11);
  endSecond();
  await settled();
  expect(lines().at(-1)?.trim()).toBe('and 1 more decision: orders 1; 2,300 tickets waiting, the oldest for 31 s');
});

test('when Claude is configured and gave no answer, a line says why', async () => {
  const { app, decide, schedule } = createStage({ kind: 'cascade', why: 'a key' });
  const { io, lines } = collectLines();
  showDecisions({ app, view: createLineView(io, app), schedule });
  decide('t-1');
  await settled();
  expect(lines().at(-1)).toContain('Claude did not answer in time');
});

test('the log has the facts of each decision and no text of the ticket', async () => {
  const { app, decideMany, schedule, endSecond, reads } = createStage(undefined, { waiting: 2_300 });
  const logged: unknown[] = [];
  const view = createLogView({ ...silentLogger, info: (facts, message) => logged.push({ ...facts, message }) }, app);
  showDecisions({ app, view, schedule });
  decideMany(12);
  endSecond();
  await settled();
  expect(logged).toHaveLength(11);
  expect(logged[0]).toEqual({
    ...{ ticketId: 't-1', intent: 'orders/status', confidence: 0.9, abstained: false, stage: 'local' },
    ...{ team: 'orders', priority: 'normal', rule: 'orders', message: 'decided' },
  });
  expect(logged.at(-1)).toEqual({
    ...{ decisions: 2, teams: { orders: 2 }, waiting: 2_300, oldestSeconds: 32 },
    message: 'more decided in this second',
  });
  expect(reads()).toBe(0);
});

test('the next decision is shown after one that could not be shown', async () => {
  const { app, decide, schedule } = createStage();
  const shown: string[] = [];
  const view: DecisionView = {
    start() {},
    decided({ ticketId }) {
      if (ticketId === 'lost') throw new Error('the store is closing');
      shown.push(ticketId);
    },
    more() {},
  };
  showDecisions({ app, view, schedule });
  decide('lost');
  decide('kept');
  await settled();
  expect(shown).toEqual(['kept']);
});

test('after the end nothing is shown and no timer is left', async () => {
  const { app, decide, decideMany, schedule, listeners, seconds } = createStage();
  const { io, lines } = collectLines();
  const hide = showDecisions({ app, view: createLineView(io, app), schedule });
  decideMany(20);
  hide();
  decide('t-1');
  await settled();
  expect(lines()).toHaveLength(1);
  expect([listeners.size, seconds.length]).toEqual([0, 0]);
});

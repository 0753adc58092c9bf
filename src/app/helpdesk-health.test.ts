import { expect, test } from 'vitest';
import { readHelpdeskHealth } from './helpdesk-health.ts';

const cursor = (connector: string, polledAt: string | null) => ({
  ...{ connector, polledAt, connectedAt: '2026-11-27T09:00:00.000Z', cursor: null },
  ...{ dueAt: '2026-11-27T09:00:00.000Z', pauseMs: 0, isAtEnd: polledAt !== null },
});
const read = (cursors: ReturnType<typeof cursor>[], polled: [string, number][]) =>
  readHelpdeskHealth({
    cursors: { all: async () => cursors },
    polled: new Map(polled),
    now: () => new Date('2026-11-27T10:00:00Z'),
  });

test('a helpdesk that was read lately is well', async () => {
  const polledAt = '2026-11-27T09:59:00.000Z';
  expect(await read([cursor('desk', polledAt), cursor('old', null)], [['desk', 60_000]])).toMatchObject({
    helpdesks: [{ connector: 'desk', polledAt, isCaughtUp: true }],
    degraded: [],
  });
});

test('one that was not read for minutes, or never, is named with the time since when', async () => {
  const { degraded } = await read(
    [cursor('desk', '2026-11-27T09:54:00.000Z'), cursor('new', null)],
    [
      ['desk', 60_000],
      ['new', 60_000],
    ],
  );
  expect(degraded).toMatchObject([
    { part: 'connector desk', why: 'its helpdesk was last read 6 minutes ago', since: '2026-11-27T09:54:00.000Z' },
    { part: 'connector new', why: 'its helpdesk was last read 60 minutes ago', since: '2026-11-27T09:00:00.000Z' },
  ]);
});

test('one with a long pause is given three of them', async () => {
  const { degraded } = await read([cursor('desk', '2026-11-27T09:20:00.000Z')], [['desk', 15 * 60_000]]);
  expect(degraded).toMatchObject([]);
});

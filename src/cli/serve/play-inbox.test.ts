import { expect, test } from 'vitest';
import type { IncomingTicket } from '../../ticket/ticket.ts';
import { playInbox, readSampleInbox } from './play-inbox.ts';

async function play(rounds: number, inbox: readonly IncomingTicket[]) {
  const sent: IncomingTicket[] = [];
  const pauses: number[] = [];
  const stop = new AbortController();
  await playInbox({
    app: {
      intake: async ({ ticket }) => {
        sent.push(ticket);
        return { status: 'accepted', ticketId: ticket.id ?? '', revision: 1 };
      },
    },
    inbox,
    startId: 'demo-x',
    signal: stop.signal,
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      if (pauses.length === rounds) stop.abort();
    },
    now: () => new Date('2026-11-22T10:00:00Z'),
  });
  return { sent, pauses };
}

test('tickets of the first round come every second or two, later ones every 15 s, each with a new id', async () => {
  const inbox = [{ id: 'a', body: 'A' }, { body: 'B' }, { id: 'c', body: 'C', createdAt: '2020-01-01T00:00:00Z' }];
  const { sent, pauses } = await play(5, inbox);
  expect(sent.map(({ body }) => body)).toEqual(['A', 'B', 'C', 'A', 'B']);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(5);
  expect(sent.every(({ createdAt }) => createdAt === '2026-11-22T10:00:00.000Z')).toBe(true);
  expect(pauses.slice(0, 3).every((pause) => pause >= 1_000 && pause <= 2_000)).toBe(true);
  expect(pauses.slice(3)).toEqual([15_000, 15_000]);
});

test('the sample inbox can be read', async () => {
  expect((await readSampleInbox()).length).toBeGreaterThanOrEqual(30);
});

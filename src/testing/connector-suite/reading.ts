import { expect, test } from 'vitest';
import { incomingTicketSchema } from '../../ticket/ticket.ts';
import { having, type OpenDesk, partOf, readKnown, signal } from './test-desk.ts';

export function describeReading(open: OpenDesk): void {
  test('returns null for a ticket that does not exist', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'readTicket');
    expect(await connector.readTicket(desk.unknownId, signal)).toBeNull();
  });

  test('returns the words of the customer and where the ticket is', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'readTicket');
    const externalId = await desk.createTicket({ subject: 'Päckchen', body: 'Wo ist mein Päckchen?' });
    const read = await readKnown(connector, externalId);
    expect(read).toMatchObject({ externalId, state: 'open', changes: [], ticket: { subject: 'Päckchen' } });
    expect(read.messages).toHaveLength(1);
    expect(read.messages[0]).toMatchObject({ from: 'customer', isPublic: true, attachments: 0 });
    expect(read.messages[0]?.text).toContain('Wo ist mein Päckchen?');
    expect(read.stamp).not.toBe('');
    expect(() => incomingTicketSchema.parse({ ...read.ticket, body: 'x', createdAt: read.createdAt })).not.toThrow();
    expect(read.place.group === null || read.intake.groups.includes(read.place.group)).toBe(true);
  });

  test('has another stamp after a change, which it reports with the agent who made it', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'readTicket');
    const externalId = await desk.createTicket({ subject: 'Parcel', body: 'Where is my parcel?' });
    const before = await readKnown(connector, externalId);
    expect((await readKnown(connector, externalId)).stamp).toBe(before.stamp);
    const [to] = partOf(desk, 'groups');
    await partOf(desk, 'moveTicket')(externalId, to);
    const after = await readKnown(connector, externalId);
    expect(after.stamp).not.toBe(before.stamp);
    expect(after.place.group).toBe(to);
    const moves = after.changes.filter(({ field }) => field === 'group');
    expect(moves).toMatchObject([{ by: { kind: 'agent' }, from: before.place.group, to }]);
    expect(moves[0]?.sourceId).not.toBe('');
    expect((await readKnown(connector, externalId)).changes).toEqual(after.changes);
  });

  test('says that a ticket is closed', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'readTicket');
    const externalId = await desk.createTicket({ subject: 'Parcel', body: 'Where is my parcel?' });
    await partOf(desk, 'closeTicket')(externalId);
    expect((await readKnown(connector, externalId)).state).not.toBe('open');
  });
}

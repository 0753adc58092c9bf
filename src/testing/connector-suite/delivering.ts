import { expect, test } from 'vitest';
import { ConnectorError } from '../../errors.ts';
import { externalIdOf, having, type OpenDesk, partOf, placeOf, readKnown, requestFor, writtenOf } from './test-desk.ts';

export function describeDelivering(open: OpenDesk): void {
  test('writes team and note in the mode auto, and says what it changed', async () => {
    await using desk = await open();
    const { connector } = desk;
    const request = await requestFor(desk, 'auto');
    const result = await connector.deliver(request);
    expect(result.state).toBe('delivered');
    const writes = await desk.writesOf(externalIdOf(request));
    expect(writes).toHaveLength(1);
    if (connector.undo !== undefined) expect(result).toHaveProperty('written');
    if (connector.readTicket === undefined) return;
    expect(writes[0]).toContain(request.note);
    const { before, after } = writtenOf(result);
    const read = await readKnown(connector, externalIdOf(request));
    expect(read.place.group).toBe(request.owner);
    expect(read.place).toMatchObject(after);
    expect(request.based?.place).toMatchObject(before);
    expect(Object.keys(before).toSorted()).toEqual(Object.keys(after).toSorted());
    expect(read.place.tags).toEqual(expect.arrayContaining([...(request.based?.place.tags ?? [])]));
    expect(read.messages).toHaveLength(1);
    // Our own changes are told from those of people, or the next decision would give way to this one.
    expect(read.changes.map(({ by }) => by.kind)).toEqual(read.changes.map(() => 'ourselves'));
  });

  test('writes the note alone in the mode assist', async () => {
    await using desk = await open();
    const { connector } = desk;
    const request = await requestFor(desk, 'assist');
    expect((await connector.deliver(request)).state).toBe('delivered');
    expect(await desk.writesOf(externalIdOf(request))).toHaveLength(1);
    if (connector.readTicket === undefined) return;
    expect((await readKnown(connector, externalIdOf(request))).place).toEqual(request.based?.place);
  });

  test.for(['auto', 'assist'] as const)(
    'writes a decision once that is delivered again in the mode %s',
    async (mode) => {
      await using desk = await open();
      const request = await requestFor(desk, mode);
      await desk.connector.deliver(request);
      expect((await desk.connector.deliver(request)).state).toBe('delivered');
      // A crash came after the write and before it was stored.
      const restarted = await desk.connect();
      expect((await restarted.deliver(request)).state).toBe('delivered');
      await restarted.close?.();
      expect(await desk.writesOf(externalIdOf(request))).toHaveLength(1);
    },
  );

  test('writes nothing to a ticket that was changed since it was read', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'readTicket');
    const request = await requestFor(desk, 'auto');
    const [, moved] = partOf(desk, 'groups');
    await partOf(desk, 'moveTicket')(externalIdOf(request), moved);
    expect((await connector.deliver(request)).state).toBe('conflict');
    expect((await readKnown(connector, externalIdOf(request))).place.group).toBe(moved);
    expect(await desk.writesOf(externalIdOf(request))).toEqual([]);
  });

  test.for(['auto', 'assist'] as const)('refuses to write to a closed ticket in the mode %s', async (mode, context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'readTicket');
    const request = await requestFor(desk, mode);
    await partOf(desk, 'closeTicket')(externalIdOf(request));
    const closed = await readKnown(connector, externalIdOf(request));
    expect((await connector.deliver({ ...request, based: placeOf(closed) })).state).toBe('refused');
    expect((await readKnown(connector, externalIdOf(request))).stamp).toBe(closed.stamp);
    expect(await desk.writesOf(externalIdOf(request))).toEqual([]);
  });

  test('delivers nothing to a ticket that does not exist', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'readTicket');
    const request = await requestFor(desk, 'auto');
    const source = { connector: connector.name, externalId: desk.unknownId };
    const delivered = connector.deliver({ ...request, ticket: { ...request.ticket, source } });
    const state = await delivered.then(
      (result) => result.state,
      (error: unknown) => (error instanceof ConnectorError && !error.retryable ? 'refused' : error),
    );
    expect(state).toBe('refused');
  });
}

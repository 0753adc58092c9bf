import { expect, test } from 'vitest';
import { ConnectorError } from '../../errors.ts';
import { externalIdOf, having, type OpenDesk, partOf, requestFor, signal } from './test-desk.ts';

export function describeUpkeep(open: OpenDesk): void {
  test('checks itself, and changes nothing', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'check');
    const externalId = await desk.createTicket({ subject: 'Parcel', body: 'Where is my parcel?' });
    const before = await connector.readTicket?.(externalId, signal);
    const findings = await connector.check({ groups: desk.groups ?? [], signal });
    expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(findings).not.toEqual([]);
    expect(await connector.readTicket?.(externalId, signal)).toEqual(before);
    expect(await desk.writesOf(externalId)).toEqual([]);
  });

  test('finds a group that does not exist', async (context) => {
    await using desk = await open();
    const connector = having(context, having(context, desk.connector, 'check'), 'listGroups');
    const ids = (await connector.listGroups(signal)).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...partOf(desk, 'groups')]));
    const findings = await connector.check({ groups: [...ids.slice(0, 1), 'no-such-group'], signal });
    const found = findings.filter(({ status }) => status !== 'ok');
    expect(found.map(({ detail }) => detail).join()).toContain('no-such-group');
  });

  test('throws ConnectorError without the text of a reply', async (context) => {
    await using desk = await open();
    const { connector } = desk;
    const request = await requestFor(desk, 'auto');
    if (desk.breakDown === undefined) return context.skip('this desk cannot be made to fail');
    const text = 'Dear Ana, your parcel 4711';
    await desk.breakDown({ status: 403, text });
    const externalId = externalIdOf(request);
    const calls: Record<string, () => Promise<unknown> | undefined> = {
      deliver: () => connector.deliver(request),
      check: () => connector.check?.({ groups: [], signal }),
      readTicket: () => connector.readTicket?.(externalId, signal),
      listChanged: () => connector.listChanged?.({ cursor: null, since: new Date(0), signal }),
      listGroups: () => connector.listGroups?.(signal),
    };
    for (const [method, call] of Object.entries(calls)) {
      // One after another: a call that fails while another is waited for would be nobody's.
      const called = call();
      if (called === undefined) continue;
      const failed: unknown = await called.catch((error: unknown) => error);
      expect(failed instanceof Error ? failed.message : JSON.stringify(failed)).not.toContain(text);
      if (failed instanceof ConnectorError) expect(failed.connector).toBe(connector.name);
      else if (method === 'deliver') expect(failed).toMatchObject({ state: 'refused' });
      else if (method === 'check') expect(failed).toContainEqual(expect.objectContaining({ status: 'failed' }));
      else expect.fail(`${method} did not throw ConnectorError`);
    }
  });

  test('erases what it has written into files of ours, again and again', async (context) => {
    await using desk = await open();
    const connector = having(context, desk.connector, 'erase');
    const request = await requestFor(desk, 'auto');
    await connector.deliver(request);
    const { reasoning } = request.classification;
    expect((await desk.writesOf(externalIdOf(request))).join()).toContain(reasoning);
    await connector.erase({ ticketIds: [request.ticket.id] });
    await connector.erase({ ticketIds: [request.ticket.id] });
    expect((await desk.writesOf(externalIdOf(request))).join()).not.toContain(reasoning);
  });

  test('closes, and closes again', async () => {
    await using desk = await open();
    const connector = await desk.connect();
    await connector.close?.();
    await connector.close?.();
  });
}

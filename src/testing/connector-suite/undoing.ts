import { expect, type TestContext, test } from 'vitest';
import {
  externalIdOf,
  having,
  type OpenDesk,
  partOf,
  readKnown,
  requestFor,
  signal,
  type TestDesk,
  writtenOf,
} from './test-desk.ts';

export function describeUndoing(open: OpenDesk): void {
  /** A ticket that was delivered, and what takes that back. */
  const deliver = async (context: TestContext, desk: TestDesk) => {
    const connector = having(context, desk.connector, 'undo');
    const request = await requestFor(desk, 'auto');
    const externalId = externalIdOf(request);
    const written = writtenOf(await connector.deliver(request));
    const undo = () =>
      connector.undo({ externalId, decisionId: request.decision.id, written, note: 'Taken back by Ana.', signal });
    const place = async () => (await readKnown(connector, externalId)).place;
    return { connector, externalId, written, undo, place };
  };

  test('takes back what was written, once', async (context) => {
    await using desk = await open();
    const { externalId, written, undo, place } = await deliver(context, desk);
    expect((await undo()).state).toBe('undone');
    const undone = await place();
    expect(undone).toMatchObject(written.before);
    const writes = await desk.writesOf(externalId);
    await undo();
    expect(await place()).toEqual(undone);
    expect(await desk.writesOf(externalId)).toEqual(writes);
  });

  test('leaves a team that somebody has chosen since', async (context) => {
    await using desk = await open();
    const { externalId, undo, place } = await deliver(context, desk);
    const [, moved] = partOf(desk, 'groups');
    await partOf(desk, 'moveTicket')(externalId, moved);
    await undo();
    expect((await place()).group).toBe(moved);
  });

  test('changes nothing on a closed ticket', async (context) => {
    await using desk = await open();
    const { externalId, undo, place } = await deliver(context, desk);
    await partOf(desk, 'closeTicket')(externalId);
    const closed = await place();
    expect((await undo()).state).toBe('kept');
    expect(await place()).toEqual(closed);
  });
}

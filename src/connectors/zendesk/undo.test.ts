import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FakeTicket } from '../../testing/fake-zendesk-records.ts';
import { sampleClassification, sampleDecision } from '../../testing/sample-values.ts';
import { openZendeskDesk, type ZendeskDesk } from '../../testing/zendesk-desk.ts';
import type { Connector, UndoRequest } from '../connector.ts';

const { signal } = new AbortController();
let desk: ZendeskDesk;
let connector: Connector;
beforeEach(async () => {
  desk = await openZendeskDesk();
  connector = desk.connect();
});
afterEach(() => desk[Symbol.asyncDispose]());

/** Delivers a decision, and returns what is needed to take it back. */
async function deliver(ticket: FakeTicket): Promise<UndoRequest> {
  const externalId = String(ticket.id);
  const result = await connector.deliver({
    ticket: { id: `desk:${externalId}`, body: 'x', source: { connector: 'desk', externalId } },
    classification: sampleClassification({ intent: 'billing/double-charge' }),
    decision: sampleDecision({ id: 'd-1', priority: 'high', tags: ['routed'], mode: 'auto' }),
    owner: String(desk.billing.id),
    based: null,
    note: 'note',
  });
  if (result.state !== 'delivered' || result.written === undefined) throw new TypeError(`it was ${result.state}`);
  desk.clock.advance(60_000);
  return { externalId, decisionId: 'd-1', written: result.written, note: 'Taken back', signal };
}
const undo = async (request: UndoRequest) => connector.undo?.(request);
const fieldOf = (ticket: FakeTicket, id: number) => ticket.custom_fields.find((field) => field.id === id)?.value;

test('every field gets what it had before, with a note, by one guarded update', async () => {
  const asked = desk.ask('x', { priority: 'low', tags: ['web'] });
  const request = await deliver(asked);
  expect(await undo(request)).toEqual({
    state: 'undone',
    detail: 'group, priority, tags, Intent and Confidence',
  });
  expect(asked).toMatchObject({ group_id: desk.triage.id, priority: 'low', tags: ['web', 'vip'] });
  expect([fieldOf(asked, desk.intent.id), fieldOf(asked, desk.confidence.id)]).toEqual([null, null]);
  const [, put] = desk.zendesk.callsTo('PUT', /./);
  expect(put).toMatchObject({
    body: {
      ticket: {
        comment: { body: 'Taken back\nTaken back: group, priority, tags, Intent, Confidence', public: false },
        metadata: { undone_decision_id: 'd-1' },
        safe_update: true,
        updated_stamp: expect.any(String),
      },
    },
  });
  const read = await connector.readTicket?.(request.externalId, signal);
  expect(new Set(read?.changes.map(({ by }) => by.kind))).toEqual(new Set(['ourselves']));
});

test('what somebody has changed since stays, and so do tags that others have added', async () => {
  const asked = desk.ask();
  const request = await deliver(asked);
  desk.zendesk.tickets.update(asked.id, {
    by: desk.ana.id,
    changes: { priority: 'urgent', tags: [...asked.tags, 'mine'] },
  });
  desk.clock.advance(60_000);
  expect(await undo(request)).toEqual({
    state: 'undone',
    detail: 'group, tags, Intent and Confidence; left, because somebody has changed them since: priority',
  });
  expect(asked).toMatchObject({ group_id: desk.triage.id, priority: 'urgent', tags: ['vip', 'mine'] });
});

test('a custom field that somebody has changed stays and is named; a number that Zendesk writes otherwise is ours', async () => {
  const urgency = desk.zendesk.addField({ type: 'text', title: 'Urgency' });
  const customFields = { intent: 'Intent', confidence: desk.confidence.id, urgency: 'Urgency' };
  connector = desk.connect({ shared: { customFields, noteLanguage: 'de' } });
  const asked = desk.ask();
  const request = await deliver(asked);
  const confidence = asked.custom_fields.find(({ id }) => id === desk.confidence.id);
  Object.assign(confidence ?? {}, { value: String(Number(confidence?.value)) });
  const changes = { custom_fields: [{ id: urgency.id, value: 'by hand' }] };
  desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes });
  desk.clock.advance(60_000);
  expect(await undo(request)).toMatchObject({
    state: 'undone',
    detail: expect.stringMatching(/Intent and Confidence; left, because somebody has changed them since: Urgency/),
  });
  expect([fieldOf(asked, desk.confidence.id), fieldOf(asked, urgency.id)]).toEqual([null, 'by hand']);
  const [, put] = desk.zendesk.callsTo('PUT', /./);
  const body = expect.stringMatching(/^Taken back\nZurückgenommen: Gruppe, .*Confidence\nBelassen, .*: Urgency/);
  expect(put).toMatchObject({ body: { ticket: { comment: { body } } } });
});

test('taking back again does nothing', async () => {
  const asked = desk.ask();
  const request = await deliver(asked);
  await undo(request);
  desk.clock.advance(60_000);
  expect(await undo(request)).toEqual({ state: 'undone', detail: 'it was taken back before' });
  expect(desk.zendesk.callsTo('PUT', /./)).toHaveLength(2);
});

test('a group and a priority stay where the ticket had none, because Zendesk cannot empty them', async () => {
  const asked = desk.ask('x', { group_id: null });
  expect(await undo(await deliver(asked))).toEqual({
    state: 'undone',
    detail: 'tags, Intent and Confidence; could not be set back: group and priority',
  });
  expect(asked).toMatchObject({ group_id: desk.billing.id, priority: 'high' });
});

test('a ticket that changes meanwhile is read again', async () => {
  const asked = desk.ask();
  const request = await deliver(asked);
  desk.zendesk.interfere((call) => {
    if (!call.startsWith('PUT')) return;
    desk.zendesk.interfere(null);
    desk.zendesk.tickets.update(asked.id, { by: desk.ana.id, changes: { group_id: desk.triage.id } });
  });
  expect(await undo(request)).toMatchObject({ state: 'undone', detail: expect.not.stringMatching(/^group/) });
  expect(desk.zendesk.callsTo('PUT', /./).map(({ status }) => status)).toEqual([200, 409, 200]);
});

test('a closed or deleted ticket is kept as it is', async () => {
  const [closed, gone] = [desk.ask(), desk.ask()];
  const [first, second] = [await deliver(closed), await deliver(gone)];
  desk.zendesk.tickets.automate(closed.id, { status: 'closed' });
  desk.zendesk.tickets.remove(gone.id, desk.ana.id);
  desk.clock.advance(60_000);
  expect(await undo(first)).toMatchObject({ state: 'kept', detail: expect.stringMatching(/closed/) });
  expect(await undo(second)).toMatchObject({ state: 'kept', detail: expect.stringMatching(/no such ticket/) });
});

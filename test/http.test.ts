// The HTTP API on the real pipeline: what programs that use Switchboard rely on.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  examplePageSchema,
  problemSchema,
  resultSchema,
  storedFeedbackSchema,
  streamEventSchema,
  ticketPageSchema,
  ticketRecordSchema,
} from '../src/http/contract.ts';
import { postJson, startService, type TestService } from './http-harness.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

const ticketsUrl = () => `${service.url}/v1/tickets`;

async function decide(ticket: object) {
  const response = await postJson(`${ticketsUrl()}?wait=20s`, ticket);
  expect(response.status).toBe(200);
  return ticketRecordSchema.parse(await response.json());
}

async function listTickets(query: string) {
  const response = await fetch(`${ticketsUrl()}?${query}`);
  expect(response.status).toBe(200);
  return ticketPageSchema.parse(await response.json());
}

test('a ticket is returned with its classification, decision, delivery and history', async () => {
  const record = await decide({
    id: 'whole',
    subject: 'Charged twice',
    body: 'I was charged twice for order #NN-48213',
  });
  expect(record.ticketId).toBe('whole');
  expect(record.decision?.because).toMatch(/\w+ \w+ \w+.*\.$/);
  expect(record.history.map(({ event }) => event).slice(0, 2)).toEqual(['accepted', 'decided']);
  await expect
    .poll(async () => ticketRecordSchema.parse(await (await fetch(`${ticketsUrl()}/whole`)).json()).delivery?.state)
    .toBe('delivered');
});

test('POST /v1/route decides the same and stores nothing', async () => {
  const ticket = { body: 'My thermostat shows the wrong temperature since the update' };
  const stored = await decide({ id: 'stored', ...ticket });
  const response = await postJson(`${service.url}/v1/route`, { id: 'not-stored', ...ticket });
  const routed = resultSchema.parse(await response.json());
  expect(routed.classification.intent).toBe(stored.classification?.intent);
  expect(routed.decision.team).toBe(stored.decision?.team);
  expect(routed.delivery.state).toBe('skipped');
  expect((await fetch(`${ticketsUrl()}/not-stored`)).status).toBe(404);
});

test('a ticket shows how its body was read, and an automatic mail asks no engine', async () => {
  const own = 'The second lamp is missing, please send it.\n\n';
  const quoted = 'On Fri, 20 Nov 2026 at 10:33, Shop <shop@shop.example> wrote:\n> Your refund has been paid.';
  const read = await decide({ id: 'read', subject: 'Re: Your order', body: own + quoted });
  expect(read).toMatchObject({ bodyText: own + quoted, automatic: null });
  expect(read.parts.map(({ kind, start, end }) => [kind, (own + quoted).slice(start, end)])).toEqual([
    ['own', own],
    ['quoted', expect.stringContaining('On Fri, 20 Nov')],
    ['quoted', '> Your refund has been paid.'],
  ]);

  const away = 'I am out of the office until Monday. In urgent cases call my colleague.';
  const automatic = await decide({ id: 'away', subject: 'Automatic reply: Your order', body: away });
  expect(automatic).toMatchObject({
    automatic: { kind: 'out-of-office' },
    classification: { intent: null, stage: 'none', abstained: true },
    decision: { team: 'triage', priority: 'normal' },
  });
});

test('the list is newest first, in pages that repeat no ticket and leave none out', async () => {
  for (let index = 0; index < 7; index += 1) await decide({ id: `page-${index}`, body: `Where is parcel ${index}?` });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listTickets(`limit=3${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    seen.push(...page.items.map(({ ticketId }) => ticketId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.filter((id) => id.startsWith('page-'))).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `page-${index}`));
});

test('the list can be filtered by facts of the ticket and of its decision', async () => {
  const { decision, classification } = await decide({ id: 'filtered', body: 'Please reset my password' });
  const intent = classification?.intent ?? '';
  const abstained = classification?.abstained === true;
  for (const query of [
    `team=${decision?.team}`,
    `intent=${intent}`,
    `abstained=${abstained}`,
    'connector=api&state=decided',
    `rule=${decision?.rule}&priority=${decision?.priority}&urgency=${decision?.urgency}&mode=${decision?.mode}`,
    `stage=local&minConfidence=${classification?.confidence}&maxConfidence=1`,
    'receivedAfter=2020-01-01&receivedBefore=2999-01-01T00:00:00Z',
  ]) {
    expect([query, (await listTickets(query)).items.map(({ ticketId }) => ticketId)]).toEqual([
      query,
      expect.arrayContaining(['filtered']),
    ]);
  }
  for (const query of [
    'state=received',
    'receivedBefore=2020-01-01',
    'assignee=nobody',
    `abstained=${!abstained}&team=${decision?.team}`,
  ]) {
    const { items } = await listTickets(query);
    expect([query, items.map(({ ticketId }) => ticketId)]).not.toEqual([query, expect.arrayContaining(['filtered'])]);
  }
});

test('a row of the list has no body; the ticket itself has it', async () => {
  const body = 'Where is my parcel with the seventeen umbrellas?';
  const { ticketId } = await decide({ id: 'lean', subject: 'Umbrellas', body, requester: { name: 'Ana' } });
  const page = await (await fetch(`${ticketsUrl()}?limit=1`)).text();
  expect(ticketPageSchema.parse(JSON.parse(page)).items).toMatchObject([
    { ticketId, connector: 'api', subject: 'Umbrellas', requester: { name: 'Ana' }, decision: {}, assignment: {} },
  ]);
  expect(page).not.toContain('seventeen');
  const record = ticketRecordSchema.parse(await (await fetch(`${ticketsUrl()}/${ticketId}`)).json());
  expect(record.ticket.body).toBe(body);
});

test('an unknown name in a filter is refused with the nearest known name', async () => {
  await decide({ id: 'named', body: 'Please reset my password' });
  for (const [query, detail] of [
    ['team=trage', 'there is no team "trage". Did you mean "triage"?'],
    ['intent=billin', 'there is no intent "billin". Did you mean "billing"?'],
    ['correctedFrom=billin', 'correctedFrom: there is no intent "billin". Did you mean "billing"?'],
    ['connector=apj', 'there is no connector "apj". Did you mean "api"?'],
    ['receivedAfter=yesterday', 'a time such as 2026-11-22T10:00:00Z'],
    ['minConfidence=91', 'minConfidence'],
  ] as const) {
    const response = await fetch(`${ticketsUrl()}?${query}`);
    expect([query, response.status]).toEqual([query, 400]);
    expect(problemSchema.parse(await response.json()).detail).toContain(detail);
  }
});

test('feedback with a team moves the ticket to that team, and undoing it moves the ticket back', async () => {
  const { ticketId, decision } = await decide({ id: 'moved', body: 'Please reset my password' });
  const home = decision?.team ?? '';
  const away = home === 'triage' ? 'money' : 'triage';
  const isIn = async (team: string) =>
    (await listTickets(`team=${team}&limit=200`)).items.some((item) => item.ticketId === ticketId);
  expect([await isIn(home), await isIn(away)]).toEqual([true, false]);
  const said = await postJson(`${ticketsUrl()}/${ticketId}/feedback`, { team: away, comment: 'ours', rating: 4 });
  const { id } = storedFeedbackSchema.parse(await said.json());
  expect([await isIn(home), await isIn(away)]).toEqual([false, true]);
  const recordOf = async () => ticketRecordSchema.parse(await (await fetch(`${ticketsUrl()}/${ticketId}`)).json());
  const actor = { kind: 'token', id: 'local' };
  expect(await recordOf()).toMatchObject({
    assignment: { team: away, by: actor, cause: 'feedback' },
    decision: { team: home },
    feedback: [{ id, state: 'applied', actor, feedback: { team: away, comment: 'ours', rating: 4 }, undoneAt: null }],
  });
  // Many clients name a content type also where they send no body.
  const headers = { 'content-type': 'application/json' };
  const undo = () => fetch(`${ticketsUrl()}/${ticketId}/feedback/${id}`, { method: 'DELETE', headers });
  const undone = await undo();
  expect([undone.status, await undone.text()]).toEqual([204, '']);
  expect([await isIn(home), await isIn(away)]).toEqual([true, false]);
  expect((await recordOf()).feedback).toMatchObject([{ id, state: 'undone', undoneBy: actor }]);
  expect((await undo()).status).toBe(409);
  expect((await fetch(`${ticketsUrl()}/${ticketId}/feedback/999999`, { method: 'DELETE' })).status).toBe(404);
});

test('feedback that contradicts another person waits until somebody approves it', async () => {
  const { ticketId, decision } = await decide({ id: 'contradicted', body: 'Please reset my password' });
  const [first, second] = decision?.team === 'triage' ? ['money', 'triage'] : ['triage', decision?.team];
  const say = async (body: object) =>
    storedFeedbackSchema.parse(await (await postJson(`${ticketsUrl()}/${ticketId}/feedback`, body)).json());
  expect(await say({ team: first, by: 'ana' })).toMatchObject({ state: 'applied' });
  const waiting = await say({ team: second, by: 'lucia' });
  expect(waiting).toMatchObject({ state: 'waiting', why: expect.stringContaining('ana') });
  const approve = () =>
    fetch(`${ticketsUrl()}/${ticketId}/feedback/${waiting.id}/approve`, { method: 'POST' }).then(
      ({ status }) => status,
    );
  expect(await approve()).toBe(204);
  const { assignment } = ticketRecordSchema.parse(await (await fetch(`${ticketsUrl()}/${ticketId}`)).json());
  expect(assignment?.team).toBe(second);
  expect(await approve()).toBe(409);
});

test('feedback is stored, shown in the history, and learned by the engine', async () => {
  const { ticketId } = await decide({ id: 'corrected', body: 'The quantum flux of my gizmo wobbles purple' });
  const intent = 'returns';
  const response = await postJson(`${ticketsUrl()}/${ticketId}/feedback`, {
    intent,
    rating: 2,
    comment: 'no',
    by: 'ana',
  });
  expect(response.status).toBe(201);
  expect(storedFeedbackSchema.parse(await response.json())).toMatchObject({
    ticketId,
    feedback: { intent, rating: 2 },
  });
  const record = ticketRecordSchema.parse(await (await fetch(`${ticketsUrl()}/${ticketId}`)).json());
  // The entry of the delivery may come after it.
  const told = record.history.filter(({ event }) => event === 'feedback');
  expect(told).toMatchObject([{ event: 'feedback', by: 'ana' }]);
  await vi.waitFor(
    async () => {
      const again = await postJson(`${service.url}/v1/route`, { body: 'The quantum flux of my gizmo wobbles purple' });
      const { classification } = resultSchema.parse(await again.json());
      expect(classification.nearestExamples[0]?.intent).toBe(intent);
    },
    { timeout: 10_000, interval: 200 },
  );
});

test('examples sent to the API are counted as added, changed or unchanged', async () => {
  const example = {
    id: 'api-example',
    body: 'My voucher is not accepted',
    intent: 'billing',
  };
  const send = async (examples: unknown[]) => (await postJson(`${service.url}/v1/examples`, { examples })).json();
  expect(await send([example])).toEqual({ added: 1, changed: 0, unchanged: 0 });
  expect(await send([example])).toEqual({ added: 0, changed: 0, unchanged: 1 });
  expect(await send([{ ...example, body: 'My gift voucher is not accepted' }])).toEqual({
    added: 0,
    changed: 1,
    unchanged: 0,
  });
  const unknown = problemSchema.parse(await send([{ ...example, intent: 'no/such-intent' }]));
  expect(unknown).toMatchObject({ status: 400, code: 'invalid-input' });
  const none = problemSchema.parse(await send([{ id: 'x', body: 'x', intent: null, outOfScope: true }]));
  expect(none.detail).toContain('examples[0]');
});

test('examples are listed with their source, and removed by id', async () => {
  const url = `${service.url}/v1/examples`;
  const example = { id: 'odd/one 1', body: 'My umbrella sings', intent: 'billing' };
  await postJson(url, { examples: [example] });
  const list = async (query: string) => {
    const response = await fetch(`${url}?${query}`);
    return examplePageSchema.parse(await response.json()).items;
  };
  const actor = { kind: 'token', id: 'local' };
  expect(await list('text=UMBRELLA')).toMatchObject([{ example, source: 'import', state: 'active', actor }]);
  expect(await list('text=UMBRELLA&source=file')).toEqual([]);
  const [own] = await list('source=file&limit=1');
  expect(own).toMatchObject({ source: 'file', actor: null });
  const remove = async (id: string) => (await fetch(`${url}/${encodeURIComponent(id)}`, { method: 'DELETE' })).status;
  expect(await remove(example.id)).toBe(204);
  expect(await list('text=UMBRELLA')).toEqual([]);
  expect(await remove(example.id)).toBe(404);
  expect(await remove(own?.example.id ?? '')).toBe(400);
  expect((await fetch(`${url}/${own?.example.id}/approve`, { method: 'POST' })).status).toBe(409);
  expect(problemSchema.parse(await (await fetch(`${url}?intent=biling`)).json()).detail).toContain('"billing"');
});

test('the event stream has every event of a ticket, and resumes without a gap', async () => {
  const events = await followUntil({}, 'ticket.delivered', () =>
    decide({ id: 'followed', body: 'Where is my parcel?' }),
  );
  const own = events.filter(({ ticketId }) => ticketId === 'followed');
  expect(own.map(({ event }) => event)).toEqual(['ticket.accepted', 'ticket.decided', 'ticket.delivered']);
  const decided = streamEventSchema.parse(own[1]?.data);
  expect(decided).toMatchObject({ event: 'decided', actor: { kind: 'system' }, facts: { stage: 'local', costUsd: 0 } });
  const resumed = await followUntil({ 'last-event-id': `${own[0]?.id}` }, 'ticket.delivered', async () => {});
  expect(resumed.filter(({ ticketId }) => ticketId === 'followed').map(({ id }) => id)).toEqual([
    own[1]?.id,
    own[2]?.id,
  ]);
});

test('a ticket is erased once, and a requester with all tickets, which a dry run lists first', async () => {
  const requester = { name: 'Una', email: 'una@example.com' };
  for (const id of ['una-1', 'una-2', 'una-3']) await decide({ id, body: 'Where is my parcel?', requester });
  const erase = () => fetch(`${service.url}/v1/tickets/una-1`, { method: 'DELETE' });
  const first = await erase();
  expect(first.status).toBe(200);
  expect(await first.json()).toEqual({ ticketIds: ['una-1'], examples: 0, ownExampleIds: [], dryRun: false });
  expect((await erase()).status).toBe(404);
  expect((await fetch(`${service.url}/v1/tickets/una-1`)).status).toBe(404);

  const post = (body: object) => postJson(`${service.url}/v1/erasures`, body);
  const wanted = { requester: ' UNA@example.com ' };
  const preview = await post({ ...wanted, dryRun: true });
  expect(await preview.json()).toMatchObject({ ticketIds: ['una-2', 'una-3'], dryRun: true });
  expect((await fetch(`${service.url}/v1/tickets/una-2`)).status).toBe(200);
  expect(await (await post(wanted)).json()).toMatchObject({ ticketIds: ['una-2', 'una-3'], dryRun: false });
  expect((await fetch(`${service.url}/v1/tickets/una-2`)).status).toBe(404);
  expect(await (await post(wanted)).json()).toMatchObject({ ticketIds: [], examples: 0 });
  for (const body of [{}, { requester: '' }, { requester: 'a', ticketId: 'b' }])
    expect((await post(body)).status).toBe(400);
});

test('readiness and metrics show what the service does', async () => {
  const ready = await fetch(`${service.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    ready: true,
    store: { kind: 'embedded', ok: true },
    worker: { running: true },
    engine: { kind: 'local' },
  });
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  expect(Number(/^switchboard_tickets_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(5);
  expect(metrics).toContain('switchboard_events_total{event="decided"}');
  const decisions = [...metrics.matchAll(/^switchboard_decisions_total\{(.*)\} (\d+)$/gm)];
  expect(decisions.map(([, labels]) => labels)).toContainEqual(
    expect.stringMatching(/stage="local".*team="[a-z]+".*intent="[a-z]+".*abstained="(?:true|false)"/),
  );
});

type StreamEvent = { readonly id: number; readonly event: string; readonly ticketId: string; readonly data: unknown };

/** Opens the event stream, calls `work` after `hello`, and returns the events up to the first of the name `last`. */
async function followUntil(headers: Record<string, string>, last: string, work: () => Promise<unknown>) {
  const stop = new AbortController();
  const response = await fetch(`${service.url}/v1/events`, { headers, signal: stop.signal });
  const events: StreamEvent[] = [];
  let text = '';
  let working: Promise<unknown> | null = null;
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('event') === 'hello') working = work();
      else {
        const data = JSON.parse(field('data'));
        events.push({ id: Number(field('id')), event: field('event'), ticketId: data.ticketId, data });
      }
    }
    if (events.at(-1)?.event === last) break;
  }
  await working;
  stop.abort();
  return events;
}

import { describeConnector } from '../../testing/connector-suite.ts';
import { openZendeskDesk } from '../../testing/zendesk-desk.ts';

/** Later than Zendesk keeps its latest changes from the export. */
const SETTLED_MS = 61_000;

describeConnector('Zendesk', async () => {
  const desk = await openZendeskDesk({ startAt: Date.now(), exportPageSize: 2 });
  const { zendesk, clock, triage, billing, ana, lea } = desk;
  const other = zendesk.addGroup('Technical');
  /** Lets time pass, so that what has happened is in the export and has a time of its own. */
  const happen = async <T>(act: () => T): Promise<T> => {
    const result = act();
    clock.advance(SETTLED_MS);
    return result;
  };
  return {
    connector: desk.connect(),
    connect: async () => desk.connect(),
    createTicket: ({ subject, body }) =>
      happen(() => {
        const given = { requester_id: lea.id, group_id: triage.id, priority: 'low', subject, body };
        return String(zendesk.tickets.create(given).id);
      }),
    writesOf: async (externalId) =>
      (zendesk.account.audits.get(Number(externalId)) ?? [])
        .filter(({ author_id }) => author_id === zendesk.bot.id)
        .map(({ events }) => events.map(({ body, value }) => body ?? String(value)).join('\n')),
    unknownId: '99999999',
    groups: [String(billing.id), String(other.id)],
    moveTicket: (externalId, group) =>
      happen(() => {
        zendesk.tickets.update(Number(externalId), { by: ana.id, changes: { group_id: Number(group) } });
      }),
    closeTicket: (externalId) =>
      happen(() => {
        zendesk.tickets.automate(Number(externalId), { status: 'closed' });
      }),
    webhookBody: (externalId) =>
      Buffer.from(
        JSON.stringify({
          type: 'zen:event-type:ticket.created',
          subject: `zen:ticket:${externalId}`,
          detail: { id: externalId },
          id: externalId,
        }),
      ),
    breakDown: async (reply) => zendesk.breakDown(reply),
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
});

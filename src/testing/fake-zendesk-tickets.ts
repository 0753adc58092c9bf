// What happens to tickets of the fake of Zendesk (fake-zendesk.ts): creation, updates with their audits, triggers, ends.
import {
  type FakeAccount,
  type FakeAudit,
  type FakeChanges,
  type FakeEvent,
  type FakeTicket,
  type FakeVia,
  inSeconds,
  viaApi,
  viaMail,
  viaWeb,
} from './fake-zendesk-records.ts';

export type NewFakeTicket = Partial<
  Pick<FakeTicket, 'subject' | 'priority' | 'tags' | 'group_id' | 'brand_id' | 'organization_id' | 'type'>
> & {
  requester_id: number;
  body: string;
  html_body?: string;
  channel?: string;
  attachments?: number;
};

export type TicketEvent = { readonly type: string; readonly ticket: FakeTicket; readonly actorId: number };

/** The operations on tickets. `onEvents` gets what a webhook could be sent for. */
export function createTickets(account: FakeAccount, onEvents: (events: readonly TicketEvent[]) => void) {
  const { users, fields, tickets, audits } = account;
  const ticketOf = (id: number): FakeTicket => {
    const ticket = tickets.get(id);
    if (ticket === undefined) throw new RangeError(`the fake has no ticket ${id}`);
    return ticket;
  };
  const touch = (ticket: FakeTicket) => {
    ticket.updated_at = inSeconds(account.now());
    ticket.generated_timestamp = Math.floor(account.now() / 1_000);
  };
  const commentEvent = (comment: NonNullable<FakeChanges['comment']>, authorId: number): FakeEvent => ({
    id: account.nextId(),
    type: 'Comment',
    author_id: comment.author_id ?? authorId,
    body: comment.body,
    html_body: comment.html_body ?? `<div class="zd-comment" dir="auto"><p>${escapeHtml(comment.body)}</p></div>`,
    plain_body: comment.body,
    public: comment.public ?? true,
    attachments: Array.from({ length: comment.attachments ?? 0 }, () => ({ id: account.nextId() })),
  });

  /** Applies changes to the ticket and returns their events. */
  const apply = (ticket: FakeTicket, changes: FakeChanges, via?: FakeVia): FakeEvent[] => {
    const events: FakeEvent[] = [];
    const note = (name: string, previous: unknown, value: unknown) => {
      if (JSON.stringify(previous) === JSON.stringify(value)) return;
      events.push({
        id: account.nextId(),
        type: 'Change',
        field_name: name,
        previous_value: text(previous),
        value: text(value),
        ...(via && { via }),
      });
    };
    const before = structuredClone(ticket);
    if (changes.subject !== undefined) ticket.subject = changes.subject;
    if (changes.group_id !== undefined) ticket.group_id = changes.group_id;
    if (changes.assignee_id !== undefined) ticket.assignee_id = changes.assignee_id;
    if (changes.priority !== undefined) ticket.priority = changes.priority;
    if (changes.custom_status_id !== undefined) ticket.custom_status_id = changes.custom_status_id;
    if (changes.status !== undefined) ticket.status = changes.status;
    // Native rules: an agent leaves with the group, and an assigned ticket is no longer new.
    const assignee = ticket.assignee_id === null ? undefined : users.get(ticket.assignee_id);
    if (assignee !== undefined && ticket.group_id !== null && !assignee.groups.includes(ticket.group_id)) {
      ticket.assignee_id = null;
    }
    if (ticket.status === 'new' && ticket.assignee_id !== null) ticket.status = 'open';
    applyFields(ticket, changes);
    for (const name of ['subject', 'group_id', 'assignee_id', 'priority', 'status', 'custom_status_id'] as const) {
      note(name, before[name], ticket[name]);
    }
    for (const { id, value } of ticket.custom_fields) {
      note(String(id), before.custom_fields.find((field) => field.id === id)?.value ?? null, value);
    }
    if (!sameSet(before.tags, ticket.tags)) note('tags', before.tags, ticket.tags);
    return events;
  };

  /** Options of dropdowns are tags: setting the one sets the other, and what the tags say wins. */
  const applyFields = (ticket: FakeTicket, changes: FakeChanges) => {
    for (const { id, value } of changes.custom_fields ?? []) {
      const known = ticket.custom_fields.find((field) => field.id === id);
      if (fields.get(id)?.type === 'tagger') {
        ticket.tags = ticket.tags.filter((tag) => tag !== known?.value);
        if (value !== null) ticket.tags.push(value);
      }
      if (known === undefined) ticket.custom_fields.push({ id, value });
      else known.value = value;
    }
    if (changes.tags === undefined) return;
    ticket.tags = [...new Set(changes.tags.flatMap((tag) => tag.toLowerCase().split(/\s+/)))].filter(
      (tag) => tag !== '',
    );
    for (const field of ticket.custom_fields) {
      const options = fields.get(field.id)?.custom_field_options;
      if (fields.get(field.id)?.type !== 'tagger' || options === undefined) continue;
      const tagged = ticket.tags.filter((tag) => options.some(({ value }) => value === tag));
      field.value = tagged[0] ?? null;
      ticket.tags = ticket.tags.filter((tag) => tag === field.value || !tagged.includes(tag));
    }
  };

  const runTriggers = (ticket: FakeTicket, event: { isCreated: boolean; authorId: number }): FakeEvent[] =>
    account.triggers.flatMap((trigger) => {
      const changes = trigger.fire(ticket, event);
      if (changes === null) return [];
      const via: FakeVia = {
        channel: 'rule',
        source: { from: { id: trigger.id, title: trigger.title }, to: {}, rel: 'trigger' },
      };
      const noted = changes.comment === undefined ? [] : [{ ...commentEvent(changes.comment, -1), via }];
      return [...noted, ...apply(ticket, changes, via)];
    });

  const record = (options: {
    ticket: FakeTicket;
    authorId: number;
    events: FakeEvent[];
    via: FakeVia;
    custom?: Record<string, unknown>;
  }): FakeAudit => {
    const { ticket, authorId, events, via, custom = {} } = options;
    touch(ticket);
    const audit: FakeAudit = {
      id: account.nextId(),
      ticket_id: ticket.id,
      created_at: ticket.updated_at,
      author_id: authorId,
      metadata: { system: { client: 'fake' }, custom },
      via,
      events,
    };
    audits.set(ticket.id, [...(audits.get(ticket.id) ?? []), audit]);
    return audit;
  };

  return {
    create(given: NewFakeTicket): FakeTicket {
      const id = account.nextId();
      const requester = users.get(given.requester_id);
      if (requester === undefined) throw new RangeError(`the fake has no user ${given.requester_id}`);
      const at = inSeconds(account.now());
      const subject = given.subject ?? 'Question';
      const ticket: FakeTicket = {
        id,
        url: `${account.baseUrl()}/api/v2/tickets/${id}.json`,
        subject,
        raw_subject: subject,
        description: given.body,
        status: 'new',
        custom_status_id: null,
        priority: given.priority ?? null,
        type: given.type ?? null,
        tags: [...(given.tags ?? []), ...requester.tags],
        requester_id: requester.id,
        submitter_id: requester.id,
        organization_id: given.organization_id ?? requester.organization_id,
        group_id: given.group_id ?? null,
        assignee_id: null,
        brand_id: given.brand_id ?? [...account.brands.keys()][0] ?? 0,
        custom_fields: [...fields.values()].map((field) => ({ id: field.id, value: null })),
        via: { ...viaMail, channel: given.channel ?? 'email' },
        created_at: at,
        updated_at: at,
        generated_timestamp: Math.floor(account.now() / 1_000),
      };
      tickets.set(id, ticket);
      const created = (name: string, value: unknown): FakeEvent => ({
        id: account.nextId(),
        type: 'Create',
        field_name: name,
        value: text(value),
      });
      const events: FakeEvent[] = [
        commentEvent(
          {
            body: given.body,
            ...(given.html_body !== undefined && { html_body: given.html_body }),
            ...(given.attachments !== undefined && { attachments: given.attachments }),
          },
          requester.id,
        ),
        created('subject', subject),
        created('status', 'new'),
        ...(ticket.group_id === null ? [] : [created('group_id', ticket.group_id)]),
        ...(ticket.tags.length === 0 ? [] : [created('tags', ticket.tags)]),
      ];
      record({
        ticket,
        authorId: requester.id,
        via: ticket.via,
        events: [...events, ...runTriggers(ticket, { isCreated: true, authorId: requester.id })],
      });
      onEvents([{ type: 'created', ticket: structuredClone(ticket), actorId: requester.id }]);
      return ticket;
    },

    /** Changes a ticket as a user would, or as the API does for us with `custom` metadata. */
    update(
      id: number,
      options: { by: number; changes: FakeChanges; via?: FakeVia; custom?: Record<string, unknown> },
    ): FakeAudit {
      const { by, changes, via = viaWeb, custom } = options;
      const ticket = ticketOf(id);
      const isCustomer = users.get(by)?.role === 'end-user';
      const comment = changes.comment === undefined ? [] : [commentEvent(changes.comment, by)];
      // A customer's message opens what waits for them.
      const isReopened = isCustomer && comment.length > 0 && ['pending', 'hold', 'solved'].includes(ticket.status);
      const own = apply(ticket, { ...(isReopened && { status: 'open' as const }), ...changes });
      const ruled = runTriggers(ticket, { isCreated: false, authorId: by });
      const audit = record({
        ticket,
        authorId: by,
        via,
        events: [...comment, ...own, ...ruled],
        ...(custom && { custom }),
      });
      const snapshot = structuredClone(ticket);
      onEvents(
        audit.events.flatMap((event) => {
          const type = event.type === 'Comment' ? 'comment_added' : eventTypes[event.field_name ?? ''];
          const known = type ?? (/^\d+$/.test(event.field_name ?? '') ? 'custom_field_changed' : undefined);
          return known === undefined ? [] : [{ type: known, ticket: snapshot, actorId: by }];
        }),
      );
      return audit;
    },

    /** An automation, which runs on its own. */
    automate(id: number, changes: FakeChanges): FakeAudit {
      const ticket = ticketOf(id);
      const via: FakeVia = {
        channel: 'rule',
        source: { from: { id: 77, title: 'Close after days' }, to: {}, rel: 'automation' },
      };
      return record({ ticket, authorId: -1, via, events: apply(ticket, changes, via) });
    },

    /** An update by the system, after which `updated_at` is as before. */
    systemUpdate(id: number): void {
      ticketOf(id).generated_timestamp = Math.floor(account.now() / 1_000);
    },

    merge(options: { from: number; into: number; by: number }): void {
      const { from, into, by } = options;
      const via: FakeVia = { channel: 'web', source: { from: { id: from }, to: {}, rel: 'merge' } };
      const source = ticketOf(from);
      const comment = { body: `This request was closed and merged into request #${into}.`, public: false };
      const changes: FakeChanges = { status: 'closed', tags: [...source.tags, 'closed_by_merge'] };
      record({ ticket: source, authorId: by, via, events: [commentEvent(comment, by), ...apply(source, changes)] });
      const target = ticketOf(into);
      const note = { body: `Request #${from} was closed and merged into this request.`, public: false };
      record({ ticket: target, authorId: by, via: { ...viaApi, channel: 'merge' }, events: [commentEvent(note, by)] });
      onEvents([{ type: 'merged', ticket: structuredClone(source), actorId: by }]);
    },

    /** Deletes the ticket; its customer is suspended. */
    markAsSpam(id: number, by: number): void {
      const ticket = ticketOf(id);
      const requester = users.get(ticket.requester_id);
      if (requester !== undefined) requester.suspended = true;
      onEvents([{ type: 'marked_as_spam', ticket: structuredClone(ticket), actorId: by }]);
      this.remove(id, by);
    },

    remove(id: number, by: number): void {
      const ticket = ticketOf(id);
      ticket.status = 'deleted';
      touch(ticket);
      account.gone.add(id);
      onEvents([{ type: 'soft_deleted', ticket: structuredClone(ticket), actorId: by }]);
    },

    restore(id: number, by: number): void {
      const ticket = ticketOf(id);
      account.gone.delete(id);
      ticket.status = 'open';
      touch(ticket);
      onEvents([{ type: 'undeleted', ticket: structuredClone(ticket), actorId: by }]);
    },

    /** Deletes it for good: what the export still returns says nothing. */
    destroy(id: number, by: number): void {
      const ticket = ticketOf(id);
      account.gone.add(id);
      Object.assign(ticket, {
        status: 'deleted',
        subject: 'SCRUBBED',
        raw_subject: 'SCRUBBED',
        description: 'SCRUBBED',
        tags: [],
      });
      audits.set(id, []);
      touch(ticket);
      onEvents([{ type: 'permanently_deleted', ticket: structuredClone(ticket), actorId: by }]);
    },
  };
}

const eventTypes: Readonly<Record<string, string>> = {
  subject: 'subject_changed',
  group_id: 'group_assignment_changed',
  assignee_id: 'agent_assignment_changed',
  priority: 'priority_changed',
  status: 'status_changed',
  custom_status_id: 'custom_status_changed',
  tags: 'tags_changed',
};

/** In audits, ids are text. */
function text(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : structuredClone(value);
}

const sameSet = (a: readonly string[], b: readonly string[]) => a.toSorted().join(',') === b.toSorted().join(',');
const escapeHtml = (body: string) => body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

// Test double of a helpdesk, in memory: for tests of what the pipeline does with one, not of a connector.
import type { ChangedPage, Connector, DeliverResult } from '../connectors/connector.ts';
import type {
  HelpdeskTicket,
  Message,
  OutsideActor,
  OutsideChange,
  Place,
  PlaceField,
} from '../ticket/helpdesk-ticket.ts';

const agent: OutsideActor = { kind: 'agent', id: '7', name: 'Ana' };
const ourselves: OutsideActor = { kind: 'ourselves', id: '99' };

type Kept = HelpdeskTicket & { readonly version: number };

export type MemoryDesk = {
  readonly connector: Connector;
  /** Everything that was written to the helpdesk, in order. */
  readonly written: { externalId: string; what: 'note' | 'decision' | 'undo'; text: string }[];
  /** How often each ticket was read. */
  readonly reads: string[];
  create(externalId: string, text: string, more?: Partial<HelpdeskTicket> & { group?: string }): void;
  reply(externalId: string, text: string, from?: Message['from']): void;
  /** Changes a field as an agent, or as somebody else. */
  change(externalId: string, field: PlaceField, to: string | null, by?: OutsideActor): void;
  setState(externalId: string, state: HelpdeskTicket['state']): void;
  remove(externalId: string): void;
  get(externalId: string): HelpdeskTicket;
  /** Called before each delivery is compared with what it is based on. */
  beforeDeliver: (externalId: string) => void;
  /** Thrown by every call while it is set. */
  fault: Error | null;
};

/** A helpdesk with a list of changes, tickets to read, guarded writes and undoing, at the moment that `now` returns. */
export function createMemoryDesk(options: { name?: string; now: () => Date; pageSize?: number }): MemoryDesk {
  const { name = 'desk', now, pageSize = 100 } = options;
  const tickets = new Map<string, Kept>();
  const log: string[] = [];
  let counter = 0;
  const next = () => {
    counter += 1;
    return counter;
  };
  const at = () => new Date(now().getTime() + next()).toISOString();

  const get = (externalId: string): Kept => {
    const found = tickets.get(externalId);
    if (found === undefined) throw new TypeError(`the helpdesk has no ticket ${externalId}`);
    return found;
  };
  const put = (ticket: HelpdeskTicket, version = 1) => {
    tickets.set(ticket.externalId, { ...ticket, stamp: String(version), version });
    log.push(ticket.externalId);
  };
  const update = (externalId: string, more: Partial<HelpdeskTicket>) => {
    const before = get(externalId);
    put({ ...before, ...more }, before.version + 1);
  };
  const withField = (place: Place, field: PlaceField, to: string | null): Place =>
    field === 'tags' ? { ...place, tags: (to ?? '').split(',').filter(Boolean) } : { ...place, [field]: to };
  const change = (externalId: string, field: PlaceField, to: string | null, by = agent) => {
    const { place, changes, intake } = get(externalId);
    const from = field === 'tags' ? place.tags.join(',') : place[field];
    const entry: OutsideChange = { sourceId: `c-${next()}`, at: at(), by, field, from, to };
    update(externalId, {
      place: withField(place, field, to),
      changes: [...changes, entry],
      ...(field === 'group' && { intake: { ...intake, groups: to === null ? [] : [to] } }),
    });
  };
  const addMessage = (externalId: string, message: Omit<Message, 'id' | 'at' | 'attachments'>) => {
    const { messages } = get(externalId);
    update(externalId, {
      messages: [...messages, { id: `m-${next()}`, at: at(), attachments: 0, ...message }],
    });
  };

  const deliver: Connector['deliver'] = async ({ ticket, decision, owner, based, note }): Promise<DeliverResult> => {
    if (desk.fault !== null) throw desk.fault;
    const externalId = ticket.source?.externalId ?? ticket.id;
    if (desk.written.some(({ text }) => text === decision.id))
      return { state: 'delivered', detail: 'was there already' };
    desk.beforeDeliver(externalId);
    const { place, stamp } = get(externalId);
    if (based !== null && based.stamp !== stamp) return { state: 'conflict', detail: 'it has another stamp' };
    addMessage(externalId, { from: 'system', author: 'Switchboard', text: note, isPublic: false });
    desk.written.push({ externalId, what: 'note', text: note });
    if (decision.mode !== 'auto') return { state: 'delivered', written: { before: {}, after: {}, noteId: 'n' } };
    if (owner !== null) change(externalId, 'group', owner, ourselves);
    desk.written.push({ externalId, what: 'decision', text: decision.id });
    return {
      state: 'delivered',
      written: { before: { group: place.group }, after: { group: get(externalId).place.group }, noteId: 'n' },
    };
  };

  const desk: MemoryDesk = {
    written: [],
    reads: [],
    fault: null,
    beforeDeliver: () => {},
    get,
    create(externalId, text, { group = 'inbox', ...more } = {}) {
      const createdAt = more.createdAt ?? at();
      put({
        externalId,
        state: 'open',
        stamp: '',
        createdAt,
        ticket: { subject: 'A question', requester: { email: 'mia@shop.example' } },
        messages: [{ id: 'm-0', at: createdAt, from: 'customer', author: 'Mia', text, isPublic: true, attachments: 0 }],
        place: { group, assignee: null, status: 'new', priority: null, tags: [], intent: null },
        intake: { groups: [group], brands: [], statuses: ['new'] },
        changes: [],
        ...more,
      });
    },
    reply: (externalId, text, from = 'customer') =>
      addMessage(externalId, { from, author: from === 'agent' ? 'Ana' : 'Mia', text, isPublic: true }),
    change,
    setState: (externalId, state) => update(externalId, { state }),
    remove: (externalId) => void tickets.delete(externalId),
    connector: {
      name,
      type: 'memory',
      async listChanged({ cursor }): Promise<ChangedPage> {
        if (desk.fault !== null) throw desk.fault;
        const from = Number(cursor ?? 0);
        const ids = log.slice(from, from + pageSize);
        const signals = [...new Set(ids)].map((externalId) => {
          const ticket = tickets.get(externalId);
          if (ticket === undefined) return { externalId, isDeleted: true };
          const { stamp, createdAt, intake } = ticket;
          return { externalId, stamp, createdAt, intake };
        });
        return { signals, cursor: String(from + ids.length), isEnd: from + ids.length === log.length };
      },
      async readTicket(externalId) {
        if (desk.fault !== null) throw desk.fault;
        desk.reads.push(externalId);
        return tickets.get(externalId) ?? null;
      },
      deliver,
      async undo({ externalId, decisionId, written, note }) {
        if (desk.fault !== null) throw desk.fault;
        const { place } = get(externalId);
        if (place.group !== written.after.group) return { state: 'kept', detail: 'somebody has moved it since' };
        change(externalId, 'group', written.before.group ?? null, ourselves);
        desk.written.push({ externalId, what: 'undo', text: `${decisionId} ${note}` });
        return { state: 'undone', detail: 'the group from before' };
      },
    },
  };
  return desk;
}

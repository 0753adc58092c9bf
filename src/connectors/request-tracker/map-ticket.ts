import type { HelpdeskTicket, Message, OutsideActor, OutsideChange } from '../../ticket/helpdesk-ticket.ts';
import { findField, mapOwner, mapPlace, mapState, type PlaceSettings, valuesOf } from './map-place.ts';
import { isOwnerChange, NOBODY, type People, SYSTEM_USER } from './people.ts';
import type { Thread } from './read-thread.ts';
import type { RtRequestor, RtTicket, RtTransaction } from './schemas.ts';

/** Limits of `requester.attributes` (src/ticket/ticket.ts). */
const MAX_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_NAME_LENGTH = 100;
const MAX_ATTRIBUTE_LENGTH = 2_000;

export type MapContext = {
  readonly connector: string;
  /** Address of RT in a browser. */
  readonly url: string;
  /** Name of the account whose token is used. */
  readonly self: string;
  readonly place: PlaceSettings;
  /** The custom fields that are written, by name or id: they say nothing about the customer. */
  readonly ownFields: readonly string[];
};

export function mapTicket(options: { thread: Thread; people: People; context: MapContext }): HelpdeskTicket {
  const { thread, people, context } = options;
  const { ticket } = thread;
  return {
    externalId: ticket.id,
    state: mapState(ticket, context.place),
    stamp: thread.etag,
    createdAt: ticket.Created,
    ticket: {
      subject: ticket.Subject,
      ...mapLanguage(people.requestor),
      requester: mapRequester({ ticket, requestor: people.requestor, ownFields: context.ownFields }),
      tags: [...mapPlace(ticket, context.place).tags],
      source: {
        connector: context.connector,
        externalId: ticket.id,
        url: `${context.url.replace(/\/+$/, '')}/Ticket/Display.html?id=${ticket.id}`,
        group: ticket.Queue.Name ?? ticket.Queue.id,
      },
    },
    messages: mapMessages({ thread, people, self: context.self }),
    place: mapPlace(ticket, context.place),
    intake: mapIntake(ticket),
    changes: mapChanges({ thread, people, context }),
  };
}

export function mapIntake(ticket: Pick<RtTicket, 'Queue' | 'Status'>): HelpdeskTicket['intake'] {
  const { id, Name } = ticket.Queue;
  return { groups: Name === undefined ? [id] : [id, Name], brands: [], statuses: [ticket.Status] };
}

function mapRequester(options: { ticket: RtTicket; requestor: RtRequestor | null; ownFields: readonly string[] }) {
  const { ticket, requestor, ownFields } = options;
  const own = new Set(ownFields.map((field) => findField(ticket, field)?.id));
  const attributes = ticket.CustomFields.filter(
    ({ id, name }) => !own.has(id) && name.length <= MAX_ATTRIBUTE_NAME_LENGTH,
  )
    .map((field) => [field.name, valuesOf(field).join(', ').slice(0, MAX_ATTRIBUTE_LENGTH)] as const)
    .filter(([, value]) => value !== '')
    .slice(0, MAX_ATTRIBUTES);
  const email = requestor?.EmailAddress || (requestor?.id.includes('@') ? requestor.id : '');
  const name = requestor?.RealName || (requestor?.id.includes('@') ? '' : requestor?.id);
  return {
    ...(name ? { name: name.slice(0, 500) } : {}),
    ...(email ? { email: email.slice(0, 500) } : {}),
    ...(requestor?.Organization ? { organisation: requestor.Organization.slice(0, 200) } : {}),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

/** RT writes `pt_BR`. */
function mapLanguage(requestor: RtRequestor | null): { language?: string } {
  const language = requestor?.Lang.replaceAll('_', '-') ?? '';
  return /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/i.test(language) ? { language } : {};
}

function mapMessages(options: { thread: Thread; people: People; self: string }): Message[] {
  const { thread, people, self } = options;
  const requestors = new Set(thread.ticket.Requestor.map(({ id }) => id));
  return thread.transactions.flatMap((transaction): Message[] => {
    const from = mapAuthor({ transaction, requestors, people, self });
    if (from === null) return [];
    const { text, attachments } = thread.texts.get(transaction.id) ?? { text: '', attachments: 0 };
    // A mail to agents, or one whose text RT does not keep.
    if (transaction.Type === 'EmailRecord' && text === '') return [];
    return [
      {
        id: String(transaction.id),
        at: transaction.Created,
        from,
        author: transaction.Creator.id,
        text,
        isPublic: transaction.Type !== 'Comment',
        attachments,
      },
    ];
  });
}

/** Null for what is no message, and for our own comments. */
function mapAuthor(options: {
  transaction: RtTransaction;
  requestors: ReadonlySet<string>;
  people: People;
  self: string;
}): Message['from'] | null {
  const { transaction, requestors, people, self } = options;
  const { Type, Creator } = transaction;
  // Who creates a ticket for a customer writes what the customer wants.
  if (Type === 'Create') return 'customer';
  if (Type === 'EmailRecord') return 'system';
  if (Type !== 'Correspond' && Type !== 'Comment') return null;
  if (Creator.id === self) return Type === 'Comment' ? null : 'system';
  if (Creator.id === SYSTEM_USER || Creator.id === NOBODY) return 'system';
  if (Type === 'Correspond' && requestors.has(Creator.id)) return 'customer';
  return people.agents.has(Creator.id) ? 'agent' : 'customer';
}

export function mapActor(options: { name: string; people: Pick<People, 'agents'>; self: string }): OutsideActor {
  const { name, people, self } = options;
  if (name === self) return { kind: 'ourselves', id: name };
  // Scrips and mail rules run as RT's own account.
  if (name === SYSTEM_USER || name === NOBODY) return { kind: 'rule', id: name };
  return { kind: people.agents.has(name) ? 'agent' : 'customer', id: name, name };
}

function mapChanges(options: { thread: Thread; people: People; context: MapContext }): OutsideChange[] {
  const { thread, people, context } = options;
  const { ticket } = thread;
  const fields = {
    intent: findField(ticket, context.place.intentField)?.id,
    tags: findField(ticket, context.place.tagsField)?.id,
  };
  /** Backwards from what there is now, because RT names only the value that came or went. */
  let tags: readonly string[] = mapPlace(ticket, context.place).tags;
  const changes: OutsideChange[] = [];
  for (const transaction of thread.transactions.toReversed()) {
    // A ticket that was merged into this one was elsewhere.
    if (transaction.ObjectId !== ticket.id) continue;
    const change = mapChange({ transaction, fields, names: people.names, tags });
    if (change === null) continue;
    if (change.field === 'tags') tags = change.from === null ? [] : change.from.split(',');
    if (change.from === change.to) continue;
    changes.push({
      sourceId: String(transaction.id),
      at: transaction.Created,
      by: mapActor({ name: transaction.Creator.id, people, self: context.self }),
      ...change,
    });
  }
  return changes.reverse();
}

type MappedChange = Pick<OutsideChange, 'field' | 'from' | 'to'>;

function mapChange(options: {
  transaction: RtTransaction;
  fields: { readonly intent?: string | undefined; readonly tags?: string | undefined };
  names: ReadonlyMap<string, string>;
  /** The tags after the change. */
  tags: readonly string[];
}): MappedChange | null {
  const { transaction, fields, names, tags } = options;
  const { Type, Field, OldValue, NewValue } = transaction;
  const [from, to] = [OldValue || null, NewValue || null];
  if (Type === 'Set' && Field === 'Queue') return { field: 'group', from, to };
  if (Type === 'Set' && Field === 'Priority') return { field: 'priority', from, to };
  if (Type === 'Status') return { field: 'status', from, to };
  if (isOwnerChange(transaction)) {
    const nameOf = (id: string) => mapOwner(names.get(id) ?? id);
    return { field: 'assignee', from: nameOf(OldValue), to: nameOf(NewValue) };
  }
  if (Type !== 'CustomField') return null;
  if (Field === fields.intent) return { field: 'intent', from, to };
  if (Field !== fields.tags) return null;
  const before = [...tags.filter((tag) => tag !== NewValue), ...(OldValue === '' ? [] : [OldValue])];
  return { field: 'tags', from: before.join(',') || null, to: tags.join(',') || null };
}

/** Whether a transaction changes neither where the ticket is nor what it says. */
export function isHarmless(transaction: RtTransaction, self: string): boolean {
  const { Type, Field, Creator } = transaction;
  // RT notes the mails that it sends, often a moment after the ticket was created.
  if (Type === 'EmailRecord' || Type === 'CommentEmailRecord') return true;
  if (Creator.id === self) return true;
  const isChange = ['Create', 'Correspond', 'Comment', 'Status', 'CustomField', 'AddLink'].includes(Type);
  return Creator.id === SYSTEM_USER && !isChange && !(Type === 'Set' && ['Queue', 'Owner', 'Priority'].includes(Field));
}

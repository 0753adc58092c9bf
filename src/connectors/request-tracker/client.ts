import { z } from 'zod';
import { ConnectorError } from '../../errors.ts';
import { createHttpClient, type HttpClientOptions, type HttpReply } from '../http-client.ts';
import {
  aboutSchema,
  attachmentsSchema,
  changedTicketsSchema,
  customFieldSchema,
  customFieldsSchema,
  messagesSchema,
  queueSchema,
  queuesSchema,
  type RtAttachment,
  type RtRequestor,
  type RtTicket,
  type RtTransaction,
  type RtUser,
  requestorsSchema,
  ticketSchema,
  transactionsSchema,
  userSchema,
} from './schemas.ts';

/** The most that RT returns in one page. */
export const PAGE_SIZE = 100;

export type TaggedTicket = { readonly ticket: RtTicket; readonly etag: string };

/** What is written to a ticket in one call. */
export type TicketChange = {
  readonly Queue?: string;
  readonly Owner?: string;
  readonly Priority?: number;
  /** Values by id of the field; null empties it. */
  readonly CustomFields?: Readonly<Record<string, string | readonly string[] | null>>;
};

export type RtClient = ReturnType<typeof createRtClient>;

/** Calls RT's REST2. Every call rejects with ConnectorError, as the HTTP client does. */
export function createRtClient(options: {
  readonly connector: string;
  /** Address of RT, without /REST/2.0. */
  readonly url: string;
  readonly token: string;
  readonly fetch?: HttpClientOptions['fetch'];
}) {
  const { connector, url, token, fetch } = options;
  const http = createHttpClient({
    connector,
    baseUrl: `${url.replace(/\/+$/, '')}/REST/2.0/`,
    headers: { authorization: `token ${token}` },
    ...(fetch !== undefined && { fetch }),
  });

  const get = async <Body>(call: { path: string; schema: z.ZodType<Body>; signal: AbortSignal }): Promise<Body> => {
    const reply = await http.call({ method: 'GET', ...call });
    if (reply.ok) return reply.body;
    throw new TypeError('a call without accepted statuses returned one');
  };
  /** Null when there is no such record, or the account may not see it. */
  const find = async <Body>(call: { path: string; schema: z.ZodType<Body>; signal: AbortSignal }) => {
    const reply = await http.call({ method: 'GET', ...call, accepts: [403, 404] });
    return reply.ok ? reply.body : rejectStrangers(reply, null);
  };

  /** RT refuses in JSON. What else refuses is in front of RT, and says nothing about a ticket. */
  const rejectStrangers = <Result>(reply: { status: number; headers: Headers }, result: Result): Result => {
    if (reply.headers.get('content-type')?.startsWith('application/json')) return result;
    const { status } = reply;
    const message = `Something in front of RT at ${url} answered ${status} to a call. Check the address in the configuration, and the proxy.`;
    throw new ConnectorError({ connector, status, retryable: true, unavailable: true, message });
  };

  const tagOf = (reply: HttpReply<unknown>): string => {
    const etag = /^"?(\d+)"?$/.exec(reply.headers.get('etag') ?? '')?.[1];
    if (etag !== undefined) return etag;
    const message = `RT at ${url} returned a ticket without an ETag, which a proxy may have removed. Let ETag and If-Match pass.`;
    throw new ConnectorError({ connector, retryable: false, message });
  };

  return {
    /** For pages of a ticket's history that never end. It is tried again: something in front of RT may be at fault. */
    repeatedPage(ticket: string): ConnectorError {
      const message = `RT at ${url} returned the same page of the history of ticket ${ticket} again and again. Check the proxy in front of it.`;
      return new ConnectorError({ connector, retryable: true, message });
    },

    /**
     * Reads a ticket; `unchanged` when it still has this ETag; null when there is none that the account may see. For a ticket that was
     * merged into another one, RT returns that one.
     */
    async getTicket(request: {
      id: string;
      etag?: string | undefined;
      signal: AbortSignal;
    }): Promise<TaggedTicket | 'unchanged' | null> {
      const { id, etag, signal } = request;
      const reply = await http.call({
        method: 'GET',
        path: `ticket/${encodeURIComponent(id)}?${query({ 'fields[Queue]': 'Name' })}`,
        ...(etag !== undefined && { headers: { 'if-none-match': `"${etag}"` } }),
        schema: ticketSchema,
        accepts: [304, 403, 404],
        signal,
      });
      if (reply.ok) return { ticket: reply.body, etag: tagOf(reply) };
      return reply.status === 304 ? 'unchanged' : rejectStrangers(reply, null);
    },

    /** One page of a ticket's transactions, oldest first. */
    async getTransactions(request: {
      ticket: string;
      after: number;
      page: number;
      signal: AbortSignal;
    }): Promise<readonly RtTransaction[]> {
      const { ticket, after, page, signal } = request;
      const fields = 'Type,Field,OldValue,NewValue,Creator,Created,ObjectId';
      // A condition in TicketSQL would list the transactions of every ticket.
      const conditions = after === 0 ? {} : { query: JSON.stringify([{ field: 'id', operator: '>', value: after }]) };
      const path = `ticket/${ticket}/history?${query({ fields, orderby: 'id', per_page: PAGE_SIZE, page, ...conditions })}`;
      return (await get({ path, schema: transactionsSchema, signal })).items;
    },

    /** One page of a ticket's attachments, oldest first; with their content only those that are text. */
    async getAttachments(request: {
      ticket: string;
      /** Only those of later transactions. */
      after: number;
      with: 'text' | 'types';
      page: number;
      signal: AbortSignal;
    }): Promise<readonly RtAttachment[]> {
      const { ticket, after, page, signal } = request;
      const isText = request.with === 'text';
      const conditions = [
        ...(isText ? [{ field: 'ContentType', operator: 'STARTSWITH', value: 'text/' }] : []),
        ...(after === 0 ? [] : [{ field: 'TransactionId', operator: '>', value: after }]),
      ];
      const fields = `ContentType,TransactionId,Filename${isText ? ',Content' : ''}`;
      const path = `ticket/${ticket}/attachments?${query({
        fields,
        orderby: 'id',
        per_page: PAGE_SIZE,
        page,
        ...(conditions.length > 0 && { query: JSON.stringify(conditions) }),
      })}`;
      return (await get({ path, schema: attachmentsSchema, signal })).items;
    },

    /** The requestors of a ticket with what RT says about them; empty for a ticket that RT's search does not find. */
    async getRequestors(request: { ticket: string; signal: AbortSignal }): Promise<readonly RtRequestor[]> {
      const path = `tickets?${query({
        query: `id = ${Number(request.ticket)}`,
        fields: 'Requestor',
        'fields[Requestor]': 'EmailAddress,RealName,Lang,Organization',
      })}`;
      const { items } = await get({ path, schema: requestorsSchema, signal: request.signal });
      return items[0]?.Requestor ?? [];
    },

    /** A page of the tickets that a condition finds, by time of their last change, the newest first, and RT's clock. */
    async findChanged(request: { condition: string; page: number; signal: AbortSignal }) {
      const path = `tickets?${query({
        query: request.condition,
        fields: 'Status,Queue,Created,LastUpdated',
        'fields[Queue]': 'Name',
        per_page: PAGE_SIZE,
        page: request.page,
      })}&orderby=LastUpdated&order=DESC&orderby=id&order=DESC`;
      const reply = await http.call({ method: 'GET', path, schema: changedTicketsSchema, signal: request.signal });
      if (!reply.ok) throw new TypeError('a call without accepted statuses returned one');
      const at = Date.parse(reply.headers.get('date') ?? '');
      return { ...reply.body, now: Number.isFinite(at) ? at : null };
    },

    /** The newest ticket of a queue that the account may see; null when there is none. */
    async findNewest(request: { queue: string; signal: AbortSignal }): Promise<string | null> {
      const path = `tickets?${query({ query: `Queue = ${Number(request.queue)}`, orderby: 'id', order: 'DESC', per_page: 1 })}`;
      const schema = z.object({ items: z.array(z.object({ id: z.coerce.string() })) });
      return (await get({ path, schema, signal: request.signal })).items[0]?.id ?? null;
    },

    /** Changes a ticket if it still has this ETag; otherwise, nothing is written and the result is false. */
    async changeTicket(request: {
      id: string;
      etag: string;
      change: TicketChange;
      signal: AbortSignal | undefined;
    }): Promise<boolean> {
      const { id, etag, change, signal } = request;
      const reply = await http.call({
        method: 'PUT',
        path: `ticket/${id}`,
        headers: { 'if-match': `"${etag}"` },
        body: change,
        // RT also returns 200 and a sentence when it refused a change, so the ticket is read again afterwards.
        schema: messagesSchema,
        accepts: [412],
        ...(signal !== undefined && { signal }),
      });
      return reply.ok;
    },

    /** Writes an internal comment and returns the id of its transaction; null when RT does not allow it. */
    async comment(request: {
      id: string;
      text: string;
      signal: AbortSignal | undefined;
    }): Promise<{ id: string | null } | null> {
      const { id, text, signal } = request;
      const reply = await http.call({
        method: 'POST',
        path: `ticket/${id}/comment`,
        body: { Content: text, ContentType: 'text/plain' },
        schema: messagesSchema,
        accepts: [400, 403, 404],
        ...(signal !== undefined && { signal }),
      });
      if (!reply.ok) return rejectStrangers(reply, null);
      return { id: /\/transaction\/(\d+)$/.exec(reply.headers.get('location') ?? '')?.[1] ?? null };
    },

    /** A user by name or id. */
    getUser: (request: { user: string; signal: AbortSignal }): Promise<RtUser | null> =>
      find({ path: `user/${encodeURIComponent(request.user)}`, schema: userSchema, signal: request.signal }),

    /** The queues that the account may see and that are in use. */
    async getQueues(signal: AbortSignal) {
      const queues: { id: string; name: string }[] = [];
      for (let page = 1; ; page += 1) {
        const path = `queues/all?${query({ fields: 'Name,Disabled', orderby: 'id', per_page: PAGE_SIZE, page })}`;
        const { items } = await get({ path, schema: queuesSchema, signal });
        queues.push(...items.filter(({ Disabled }) => Disabled !== 1).map(({ id, Name }) => ({ id, name: Name })));
        // Queues that the account may not see are left out of a page, so only an empty one is surely the last.
        if (items.length === 0 || (page === 1 && items.length < PAGE_SIZE / 2)) return queues;
      }
    },
    getQueue: (request: { id: string; signal: AbortSignal }) =>
      find({ path: `queue/${encodeURIComponent(request.id)}`, schema: queueSchema, signal: request.signal }),

    /** The values that a custom field of tickets offers, by its name or id; empty when there are none. */
    async getFieldValues(request: { field: string; signal: AbortSignal }): Promise<readonly string[]> {
      const { field, signal } = request;
      const byName = JSON.stringify([{ field: 'Name', value: field }]);
      const path = `customfields?${query({ query: byName, fields: 'Name,Type,LookupType' })}`;
      const { items } = await get({ path, schema: customFieldsSchema, signal });
      const named = items.find(({ LookupType }) => LookupType === 'RT::Queue-RT::Ticket')?.id;
      const id = named ?? (/^\d+$/.test(field) ? field : null);
      const found = id === null ? null : await find({ path: `customfield/${id}`, schema: customFieldSchema, signal });
      return found?.Values.map(({ name }) => name) ?? [];
    },

    getVersion: async (signal: AbortSignal): Promise<string> =>
      (await get({ path: 'rt', schema: aboutSchema, signal })).Version,
  };
}

const query = (values: Readonly<Record<string, string | number | undefined>>) =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();

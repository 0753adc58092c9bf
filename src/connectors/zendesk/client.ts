import type { z } from 'zod';
import { ConnectorError } from '../../errors.ts';
import { createHttpClient, type HttpCall, type HttpClient } from '../http-client.ts';
import { type ClientParts, createTicketBudget, exportLimit, minuteLimit } from './limits.ts';
import {
  type Audit,
  auditsReplySchema,
  exportReplySchema,
  type PageMeta,
  type TicketReply,
  ticketReplySchema,
  updateReplySchema,
  type ZendeskTicket,
  type ZendeskUser,
} from './schemas.ts';

/** The most that Zendesk returns in a page. */
const PAGE_SIZE = 100;
/** A ticket with more than 5,000 audits has no more that matters here. */
const MAX_PAGES = 50;

export type ReadTicket = TicketReply & {
  /** Zendesk's clock when it answered, in milliseconds since 1970. */
  readonly serverMs: number;
};
export type ReadAudits = { readonly audits: readonly Audit[]; readonly users: readonly ZendeskUser[] };

/** Body of `PUT /tickets/ID`. Ids are numbers here, as Zendesk wants them. */
export type TicketUpdate = {
  readonly group_id?: number;
  readonly assignee_id?: number | null;
  readonly assignee_email?: string;
  readonly priority?: string;
  readonly tags?: readonly string[];
  readonly custom_fields?: readonly { readonly id: number; readonly value: string | null }[];
  readonly comment?: { readonly body: string; readonly public: false };
  readonly metadata: Readonly<Record<string, string>>;
  readonly safe_update: true;
  /** `updated_at` of the ticket that the update was made for. */
  readonly updated_stamp: string;
};
export type UpdateReply =
  | { readonly status: 'written'; readonly ticket: ZendeskTicket; readonly audit: Audit | null }
  /** The ticket has changed since. */
  | { readonly status: 'stale' }
  /** There is no such ticket now. */
  | { readonly status: 'missing' }
  /** It is closed, or a value is wrong. */
  | { readonly status: 'invalid' }
  | { readonly status: 'forbidden' };

/** The calls of Zendesk's API that the connector makes. All reject with ConnectorError. */
export type ZendeskClient = {
  /** Null when there is no such ticket, or it was deleted. */
  readTicket(externalId: string, signal: AbortSignal | undefined): Promise<ReadTicket | null>;
  readAudits(externalId: string, signal: AbortSignal | undefined): Promise<ReadAudits>;
  updateTicket(request: {
    externalId: string;
    update: TicketUpdate;
    signal: AbortSignal | undefined;
  }): Promise<UpdateReply>;
  exportTickets(request: {
    from: { readonly cursor: string } | { readonly startTime: number };
    signal: AbortSignal;
  }): Promise<z.infer<typeof exportReplySchema>>;
  /** Any other GET. */
  get<Body>(request: {
    path: string;
    query?: HttpCall<Body>['query'];
    schema: z.ZodType<Body>;
    signal: AbortSignal | undefined;
  }): Promise<{ readonly body: Body; readonly serverMs: number }>;
  /** All pages of a list. */
  list<Body extends { readonly meta?: PageMeta }>(request: {
    path: string;
    query?: HttpCall<Body>['query'];
    schema: z.ZodType<Body>;
    signal: AbortSignal | undefined;
  }): Promise<readonly Body[]>;
  post<Body>(request: {
    path: string;
    body: unknown;
    schema: z.ZodType<Body>;
    signal: AbortSignal | undefined;
  }): Promise<Body>;
};

export function createZendeskClient(options: {
  readonly name: string;
  readonly settings: {
    readonly url: string;
    readonly email: string;
    readonly callsPerMinute: number;
    readonly updatesPerMinute: number;
  };
  readonly token: string;
  readonly parts: ClientParts;
}): ZendeskClient {
  const { name, settings, token, parts } = options;
  const { now = Date.now } = parts;
  const credentials = Buffer.from(`${settings.email}/token:${token}`).toString('base64');
  const anyCall = { applies: () => true, limit: minuteLimit(settings.callsPerMinute, parts) };
  const open = (limits: readonly (typeof anyCall)[]): HttpClient =>
    createHttpClient({
      connector: name,
      baseUrl: `${settings.url}/api/v2`,
      headers: { authorization: `Basic ${credentials}` },
      limits: [...limits, anyCall],
      ...parts,
    });
  // One each, because Zendesk counts them apart: a pause that it asks for exports is none for the others.
  const reader = open([]);
  const exporter = open([{ applies: () => true, limit: exportLimit(parts) }]);
  const writer = open([{ applies: () => true, limit: minuteLimit(settings.updatesPerMinute, parts) }]);
  const budget = createTicketBudget({ connector: name, now });
  const serverMsOf = (headers: Headers) => {
    const at = Date.parse(headers.get('date') ?? '');
    return Number.isNaN(at) ? now() : at;
  };

  const client: ZendeskClient = {
    async readTicket(externalId, signal) {
      const reply = await reader.call({
        method: 'GET',
        path: ticketPath(name, externalId),
        query: { include: 'users,groups,organizations' },
        schema: ticketReplySchema,
        accepts: [403, 404],
        ...withSignal(signal),
      });
      if (reply.ok) return { ...reply.body, serverMs: serverMsOf(reply.headers) };
      if (reply.status === 404) return null;
      throw new ConnectorError({
        connector: name,
        status: reply.status,
        retryable: false,
        message: `The account of the connector "${name}" may not see ticket ${externalId} (403). Give it access to all tickets of the intake.`,
      });
    },
    async readAudits(externalId, signal) {
      const pages = await client.list({
        path: `${ticketPath(name, externalId)}/audits`,
        query: { include: 'users' },
        schema: auditsReplySchema,
        signal,
      });
      return { audits: pages.flatMap(({ audits }) => audits), users: pages.flatMap(({ users }) => users) };
    },
    async updateTicket({ externalId, update, signal }) {
      budget.take(externalId);
      const reply = await writer.call({
        method: 'PUT',
        path: ticketPath(name, externalId),
        body: { ticket: update },
        schema: updateReplySchema,
        accepts: [403, 404, 409, 422],
        ...withSignal(signal),
      });
      if (reply.ok) return { status: 'written', ticket: reply.body.ticket, audit: reply.body.audit ?? null };
      return { status: refusals[reply.status] ?? 'invalid' };
    },
    async exportTickets({ from, signal }) {
      const reply = await exporter.call({
        method: 'GET',
        path: 'incremental/tickets/cursor',
        query: {
          ...('cursor' in from ? { cursor: from.cursor } : { start_time: from.startTime }),
          include: 'groups',
        },
        schema: exportReplySchema,
        signal,
      });
      return bodyOf(reply);
    },
    async get({ path, query = {}, schema, signal }) {
      const reply = await reader.call({ method: 'GET', path, query, schema, ...withSignal(signal) });
      return { body: bodyOf(reply), serverMs: serverMsOf(reply.headers) };
    },
    async list({ path, query = {}, schema, signal }) {
      const pages: z.infer<typeof schema>[] = [];
      let after: string | undefined;
      while (pages.length < MAX_PAGES) {
        const { body } = await client.get({
          path,
          query: { ...query, 'page[size]': PAGE_SIZE, 'page[after]': after },
          schema,
          signal,
        });
        pages.push(body);
        const next = body.meta?.has_more === true ? (body.meta.after_cursor ?? undefined) : undefined;
        if (next === undefined || next === after) break;
        after = next;
      }
      return pages;
    },
    async post({ path, body, schema, signal }) {
      return bodyOf(await reader.call({ method: 'POST', path, body, schema, ...withSignal(signal) }));
    },
  };
  return client;
}

const refusals: Readonly<Record<number, 'stale' | 'missing' | 'invalid' | 'forbidden'>> = {
  403: 'forbidden',
  404: 'missing',
  409: 'stale',
  422: 'invalid',
};

/** An id is a number, so that nothing else ever becomes part of an address. Throws ConnectorError. */
function ticketPath(connector: string, externalId: string): string {
  if (/^\d{1,20}$/.test(externalId)) return `tickets/${externalId}`;
  throw new ConnectorError({ connector, retryable: false, message: `"${externalId}" is no id of a Zendesk ticket.` });
}

const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

function bodyOf<Body>(reply: { ok: true; body: Body } | { ok: false; status: number }): Body {
  if (reply.ok) return reply.body;
  throw new TypeError('a status that was not accepted'); // http-client rejects before
}

// The routes of the fake of Zendesk (fake-zendesk.ts).
import type { FakeAccount, FakeTicket, FakeUser } from './fake-zendesk-records.ts';
import { viaApi } from './fake-zendesk-records.ts';
import type { createTickets } from './fake-zendesk-tickets.ts';
import { checkUpdate } from './fake-zendesk-update.ts';
import type { createFakeWebhooks } from './fake-zendesk-webhooks.ts';

export type FakeCall = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly user: FakeUser;
};
export type FakeAnswer = { readonly status: number; readonly body: unknown };

type RoutesOptions = {
  readonly account: FakeAccount;
  readonly tickets: ReturnType<typeof createTickets>;
  readonly webhooks: ReturnType<typeof createFakeWebhooks>;
  /** Rows of a page of the export. */
  readonly exportPageSize: number;
};

const answer = (status: number, body: unknown): FakeAnswer => ({ status, body });
const fail = (status: number, error: string, description: string) => answer(status, { error, description });
const notFound = fail(404, 'RecordNotFound', 'Not found');
const adminsOnly = fail(403, 'Forbidden', 'You do not have access to this page');
const LONGEST_PAGE = 100;

export function createRoutes(options: RoutesOptions): (call: FakeCall) => FakeAnswer {
  const { account } = options;
  const lists: Readonly<Record<string, { name: string; items: () => readonly object[] }>> = {
    '/api/v2/groups': { name: 'groups', items: () => [...account.groups.values()].map(groupOf(account)) },
    '/api/v2/groups/assignable': {
      name: 'groups',
      items: () =>
        [...account.groups.values()].filter(({ assignable, deleted }) => assignable && !deleted).map(groupOf(account)),
    },
    '/api/v2/ticket_fields': { name: 'ticket_fields', items: () => [...account.fields.values()] },
    '/api/v2/brands': {
      name: 'brands',
      items: () => [...account.brands.values()].map((brand) => ({ ...brand, active: true, default: false })),
    },
    '/api/v2/user_fields': {
      name: 'user_fields',
      items: () => keyedFields([...account.users.values()].flatMap((user) => Object.keys(user.user_fields))),
    },
    '/api/v2/organization_fields': {
      name: 'organization_fields',
      items: () =>
        keyedFields([...account.organizations.values()].flatMap((one) => Object.keys(one.organization_fields))),
    },
    '/api/v2/tags': {
      name: 'tags',
      items: () =>
        [...new Set([...account.tickets.values()].flatMap(({ tags }) => tags))].map((name) => ({ name, count: 1 })),
    },
  };
  return (call) => {
    const { method, path, user } = call;
    const ticket = /^\/api\/v2\/tickets\/(\d+)(\/audits)?$/.exec(path);
    if (ticket !== null) {
      const id = Number(ticket[1]);
      if (account.gone.has(id) || !account.tickets.has(id)) return notFound;
      if (user.role === 'end-user') return adminsOnly;
      if (ticket[2] !== undefined) return method === 'GET' ? listAudits(options, id, call) : notFound;
      if (method === 'GET') return answer(200, showTicket(account, id, call.query));
      return method === 'PUT' ? updateTicket(options, id, call) : notFound;
    }
    const list = lists[path];
    if (list !== undefined && method === 'GET') return page(list.name, list.items(), call.query);
    if (path.startsWith('/api/v2/webhooks')) return user.role === 'admin' ? routeWebhooks(options, call) : adminsOnly;
    switch (`${method} ${path}`) {
      case 'GET /api/v2/users/me':
        return answer(200, { user: userOf(user) });
      case 'GET /api/v2/custom_statuses':
        return answer(200, { custom_statuses: [...account.statuses.values()] });
      case 'GET /api/v2/incremental/tickets/cursor':
        return user.role === 'admin' ? exportTickets(options, call.query) : adminsOnly;
      default:
        return fail(404, 'InvalidEndpoint', 'Not found');
    }
  };
}

function page(name: string, items: readonly object[], query: URLSearchParams): FakeAnswer {
  const unknown = [...query.keys()].filter((key) => !['page[size]', 'page[after]', 'include'].includes(key));
  if (unknown.length > 0) return fail(400, 'BadRequest', `unknown parameters: ${unknown.join(', ')}`);
  const size = Number(query.get('page[size]') ?? LONGEST_PAGE);
  if (!(size >= 1 && size <= LONGEST_PAGE)) return fail(400, 'InvalidPaginationParameter', 'page[size] is 1 to 100');
  const after = query.get('page[after]');
  const start = after === null ? 0 : Number(Buffer.from(after, 'base64').toString().replace('at ', ''));
  if (!Number.isInteger(start)) return fail(400, 'InvalidPaginationParameter', 'page[after] is not valid');
  const end = start + size;
  const hasMore = end < items.length;
  const cursor = Buffer.from(`at ${end}`).toString('base64');
  return answer(200, {
    [name]: items.slice(start, end),
    meta: { has_more: hasMore, after_cursor: hasMore ? cursor : null, before_cursor: null },
    links: { next: null, prev: null },
  });
}

function showTicket(account: FakeAccount, id: number, query: URLSearchParams) {
  const ticket = account.tickets.get(id);
  const include = (query.get('include') ?? '').split(',');
  const involved = [ticket?.requester_id, ticket?.submitter_id, ticket?.assignee_id];
  return {
    ticket: ticketOf(ticket),
    ...(include.includes('users') && { users: usersOf(account, involved) }),
    ...(include.includes('groups') && {
      groups: [...account.groups.values()].filter((group) => group.id === ticket?.group_id).map(groupOf(account)),
    }),
    ...(include.includes('organizations') && {
      organizations: [...account.organizations.values()].filter((one) => one.id === ticket?.organization_id),
    }),
  };
}

function listAudits({ account }: RoutesOptions, id: number, call: FakeCall): FakeAnswer {
  const audits = account.audits.get(id) ?? [];
  const reply = page('audits', audits, call.query);
  if (reply.status !== 200 || call.query.get('include') !== 'users') return reply;
  const authors = audits.flatMap((audit) => [audit.author_id, ...audit.events.map((event) => event.author_id)]);
  return answer(200, { ...(reply.body as object), users: usersOf(account, authors) });
}

function updateTicket({ account, tickets }: RoutesOptions, id: number, call: FakeCall): FakeAnswer {
  const ticket = account.tickets.get(id);
  if (ticket === undefined) return notFound;
  const checked = checkUpdate({ account, ticket, body: call.body });
  if ('status' in checked) return fail(checked.status, checked.error, checked.description);
  const { changes, custom } = checked;
  const audit = tickets.update(id, { by: call.user.id, changes, via: viaApi, custom });
  return answer(200, { ticket: ticketOf(ticket), audit: structuredClone(audit) });
}

/** Ordered by the time of the last update of any kind; what is younger than a minute is left out. */
function exportTickets({ account, exportPageSize }: RoutesOptions, query: URLSearchParams): FakeAnswer {
  const nowSeconds = Math.floor(account.now() / 1_000);
  const cursor = query.get('cursor');
  const startTime = query.get('start_time');
  if ((cursor === null) === (startTime === null)) return fail(400, 'BadRequest', 'start_time or cursor');
  if (startTime !== null && !/^\d+$/.test(startTime)) return fail(400, 'BadRequest', 'start_time is a number');
  if (startTime !== null && Number(startTime) > nowSeconds - 60) {
    return fail(422, 'StartTimeTooRecent', 'Too recent start_time. Use a start_time older than 1 minute');
  }
  const decoded = cursor === null ? `${startTime}|0` : Buffer.from(cursor, 'base64').toString();
  if (!/^\d+\|\d+$/.test(decoded)) return fail(400, 'BadRequest', 'the cursor is not valid');
  const [from = 0, fromId = 0] = decoded.split('|').map(Number);
  const rows = [...account.tickets.values()]
    .filter(({ generated_timestamp: at, id }) => at > from || (at === from && id > fromId))
    .filter(({ generated_timestamp: at }) => at <= nowSeconds - 60)
    .toSorted((a, b) => a.generated_timestamp - b.generated_timestamp || a.id - b.id);
  const shown = rows.slice(0, exportPageSize);
  const last = shown.at(-1);
  const place = last === undefined ? decoded : `${last.generated_timestamp}|${last.id}`;
  const after = Buffer.from(place).toString('base64');
  const involved = new Set(shown.map(({ group_id }) => group_id));
  return answer(200, {
    tickets: shown.map(ticketOf),
    ...(query.get('include') === 'groups' && {
      groups: [...account.groups.values()].filter(({ id }) => involved.has(id)).map(groupOf(account)),
    }),
    after_cursor: after,
    after_url: `${account.baseUrl()}/api/v2/incremental/tickets/cursor.json?cursor=${encodeURIComponent(after)}`,
    before_cursor: null,
    before_url: null,
    end_of_stream: shown.length === rows.length,
  });
}

function routeWebhooks({ webhooks }: RoutesOptions, { method, path, body, query }: FakeCall): FakeAnswer {
  if (path === '/api/v2/webhooks' && method === 'GET') {
    return page(
      'webhooks',
      webhooks.webhooks.map(({ secret: _, ...webhook }) => webhook),
      query,
    );
  }
  if (path === '/api/v2/webhooks' && method === 'POST') {
    const given = (body as { webhook?: Record<string, unknown> } | null)?.webhook;
    const names = Object.keys(given ?? {})
      .toSorted()
      .join();
    if (given === undefined || names !== 'endpoint,http_method,name,request_format,status,subscriptions') {
      return fail(
        400,
        'BadRequest',
        'a webhook has name, status, endpoint, http_method, request_format, subscriptions',
      );
    }
    const { name, status, endpoint, http_method, request_format, subscriptions } = given;
    const isKnown =
      Array.isArray(subscriptions) && subscriptions.every((one) => /^zen:event-type:[a-z_.]+$/.test(String(one)));
    if (!isKnown || !URL.canParse(String(endpoint)) || http_method !== 'POST' || request_format !== 'json') {
      return fail(400, 'BadRequest', 'the webhook is not valid');
    }
    const { secret: _, ...created } = webhooks.add({
      ...{ name: String(name), status: String(status), endpoint: String(endpoint) },
      ...{ http_method, request_format, subscriptions },
    });
    return answer(201, { webhook: created });
  }
  const [, id] = /^\/api\/v2\/webhooks\/([^/]+)\/signing_secret$/.exec(path) ?? [];
  const found = webhooks.webhooks.find((webhook) => webhook.id === id);
  if (found === undefined || method !== 'GET') return notFound;
  return answer(200, { signing_secret: { algorithm: 'SHA256', secret: found.secret } });
}

const ticketOf = (ticket: FakeTicket | undefined) => structuredClone(ticket);

const groupOf =
  (account: FakeAccount) =>
  ({ assignable: _, ...group }: { id: number; assignable: boolean; name: string }) => ({
    url: `${account.baseUrl()}/api/v2/groups/${group.id}.json`,
    default: false,
    description: '',
    ...group,
  });

const userOf = ({ groups: _, ...user }: FakeUser) => user;

function usersOf(account: FakeAccount, ids: readonly (number | null | undefined)[]) {
  return [...new Set(ids)].flatMap((id) => {
    const user = id == null ? undefined : account.users.get(id);
    return user === undefined ? [] : [userOf(user)];
  });
}

const keyedFields = (keys: readonly string[]) =>
  [...new Set(keys)].map((key, index) => ({ id: index + 1, key, type: 'text', title: key, active: true }));

/**
 * TEST DOUBLE of Zendesk Support: a strict server on 127.0.0.1 with a clock of its own. It refuses what the real one
 * refuses, and some of what the real one only ignores. Facts: the OpenAPI document of Zendesk, and its documentation.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createLimits } from './fake-zendesk-limits.ts';
import {
  createAccount,
  type FakeAccount,
  type FakeField,
  type FakeGroup,
  type FakeOrganization,
  type FakeUser,
} from './fake-zendesk-records.ts';
import { createRoutes, type FakeAnswer } from './fake-zendesk-routes.ts';
import { createTickets } from './fake-zendesk-tickets.ts';
import { createFakeWebhooks } from './fake-zendesk-webhooks.ts';

export type FakeZendeskFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** The connection breaks before anything happens. */
  | { readonly kind: 'break' }
  /** The call is done, and its reply is lost. */
  | { readonly kind: 'lost-reply' };

export type RecordedCall = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly status: number | null;
  readonly reply: unknown;
  /** By the fake's clock. */
  readonly at: number;
};

export type FakeZendeskOptions = {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly exportPageSize?: number;
  readonly callsPerMinute?: number;
  readonly updatesPerMinute?: number;
  readonly exportsPerMinute?: number;
  readonly updatesPerTicket?: number;
};

export const fakeZendeskEmail = 'bot@acme.example';
export const fakeZendeskToken = 'zendesk-token-1';

export async function startFakeZendesk(options: FakeZendeskOptions = {}) {
  const now = options.now ?? Date.now;
  let url = '';
  const account = createAccount({ now, baseUrl: () => url });
  const webhooks = createFakeWebhooks(now);
  const tickets = createTickets(account, (events) => webhooks.onEvents(events));
  const routes = createRoutes({ account, tickets, webhooks, exportPageSize: options.exportPageSize ?? 1_000 });
  const limits = createLimits({
    now,
    callsPerMinute: options.callsPerMinute ?? 700,
    updatesPerMinute: options.updatesPerMinute ?? 100,
    exportsPerMinute: options.exportsPerMinute ?? 10,
    updatesPerTicket: options.updatesPerTicket ?? 30,
  });
  const calls: RecordedCall[] = [];
  const faults: { readonly applies: (call: string) => boolean; readonly fault: FakeZendeskFault }[] = [];
  let isAway = false;
  let standing: { readonly status: number; readonly text: string } | null = null;
  /** Called before a call is routed, so that a test can change something in between. */
  let interfere: ((call: string) => void) | null = null;

  const people = addPeople(account);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { pathname: path, searchParams: query, search } = new URL(request.url ?? '/', url);
    const { method = '', headers } = request;
    const name = `${method} ${path}`;
    const index = faults.findIndex(({ applies }) => applies(name));
    const fault = index === -1 ? null : (faults.splice(index, 1)[0]?.fault ?? null);
    const note = (status: number | null, reply: unknown, body: unknown = null) =>
      calls.push({ method, path, query: search, headers, body, status, reply, at: now() });
    if (isAway || fault?.kind === 'break') {
      note(null, null);
      request.socket.destroy();
      return;
    }
    const body = parseJson(text);
    if (standing !== null) {
      note(standing.status, standing.text, body);
      response.writeHead(standing.status, { 'content-type': 'text/plain' });
      response.end(standing.text);
      return;
    }
    const { waitSeconds, headers: limitHeaders } = limits.take({ method, path });
    const send = ({ status, body: reply }: FakeAnswer, more: Record<string, string> = {}) => {
      note(status, reply, body);
      response.sendDate = false;
      response.writeHead(status, {
        ...{ 'content-type': 'application/json; charset=utf-8', date: new Date(now()).toUTCString() },
        ...limitHeaders,
        ...more,
      });
      response.end(JSON.stringify(reply));
    };
    if (fault?.kind === 'status') {
      const { status, retryAfter } = fault;
      send(
        { status, body: { error: 'ordered by the test' } },
        retryAfter === undefined ? {} : { 'retry-after': retryAfter },
      );
      return;
    }
    if (waitSeconds !== null) {
      const reply = {
        error: 'APIRateLimitExceeded',
        description: 'Number of allowed API requests per minute exceeded',
      };
      send({ status: 429, body: reply }, { 'retry-after': String(waitSeconds) });
      return;
    }
    const user = findUser(account, headers.authorization);
    if (user === null) {
      send({ status: 401, body: { error: "Couldn't authenticate you" } });
      return;
    }
    if (text !== '' && (!String(headers['content-type']).startsWith('application/json') || body === undefined)) {
      send({ status: 400, body: { error: 'BadRequest', description: 'JSON expected' } });
      return;
    }
    interfere?.(name);
    const answered = routes({ method, path, query, body, user });
    if (fault?.kind === 'lost-reply') {
      note(null, answered.body, body);
      request.socket.destroy();
      return;
    }
    send(answered);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`the fake failed: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a port expected');
  url = `http://127.0.0.1:${address.port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  return {
    url,
    account,
    tickets,
    webhooks,
    ...people,
    /** All calls, oldest first. */
    calls: calls as readonly RecordedCall[],
    callsTo: (method: string, path: RegExp) => calls.filter((call) => call.method === method && path.test(call.path)),
    /** The next calls to this method and path, one each, meet these faults; others are answered as usual. */
    fail(method: string, path: RegExp, ...next: readonly FakeZendeskFault[]) {
      const applies = (call: string) => call.startsWith(`${method} `) && path.test(call.slice(method.length + 1));
      for (const fault of next) faults.push({ applies, fault });
    },
    /** No connection is answered while away. */
    setAway(away: boolean) {
      isAway = away;
    },
    /** Answers every call with this from now on. */
    breakDown(reply: { readonly status: number; readonly text: string }) {
      standing = reply;
    },
    interfere(action: ((call: string) => void) | null) {
      interfere = action;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Only the account with the key can sign in. */
function findUser(account: FakeAccount, authorization: string | undefined): FakeUser | null {
  const given = /^Basic (.+)$/.exec(authorization ?? '')?.[1] ?? '';
  const [login = '', key = ''] = Buffer.from(given, 'base64').toString().split(/:(.*)/s);
  if (!login.endsWith('/token') || key !== fakeZendeskToken) return null;
  const email = login.slice(0, -'/token'.length);
  return [...account.users.values()].find((user) => user.email === email && user.role !== 'end-user') ?? null;
}

function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Things of the account that a test begins with, and ways to add more. */
function addPeople(account: FakeAccount) {
  const addUser = (given: Partial<FakeUser> & Pick<FakeUser, 'name' | 'email' | 'role'>): FakeUser => {
    const id = account.nextId();
    const user: FakeUser = {
      id,
      url: `${account.baseUrl()}/api/v2/users/${id}.json`,
      locale: 'en-US',
      suspended: false,
      active: true,
      organization_id: null,
      tags: [],
      user_fields: {},
      groups: [],
      ...given,
    };
    account.users.set(id, user);
    return user;
  };
  const addGroup = (name: string, more: Partial<FakeGroup> = {}): FakeGroup => {
    const id = account.nextId();
    const group: FakeGroup = { id, name, deleted: false, is_public: true, assignable: true, ...more };
    account.groups.set(id, group);
    return group;
  };
  const addField = (
    given: Omit<FakeField, 'id' | 'active' | 'removable' | 'custom_field_options'> & {
      options?: readonly (readonly [string, string])[];
    },
  ): FakeField => {
    const id = account.nextId();
    const { options, ...rest } = given;
    const field: FakeField = {
      id,
      active: true,
      removable: true,
      ...rest,
      ...(options && {
        custom_field_options: options.map(([name, value]) => ({ id: account.nextId(), name, value })),
      }),
    };
    account.fields.set(id, field);
    return field;
  };
  const addOrganization = (given: Partial<FakeOrganization> & Pick<FakeOrganization, 'name'>): FakeOrganization => {
    const id = account.nextId();
    const organization = { id, tags: [], domain_names: [], organization_fields: {}, ...given };
    account.organizations.set(id, organization);
    return organization;
  };
  const addBrand = (name: string) => {
    const brand = { id: account.nextId(), name, subdomain: name.toLowerCase() };
    account.brands.set(brand.id, brand);
    return brand;
  };
  addBrand('Acme');
  const bot = addUser({ name: 'Switchboard', email: fakeZendeskEmail, role: 'admin' });
  return { bot, addUser, addGroup, addField, addOrganization, addBrand };
}

// Users, sessions, invitations and tokens over HTTP, with a real store.
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PASSWORD, type PeopleServer, SERVER_TOKEN, startPeopleServer } from '../testing/people-server.ts';
import { createdTokenSchema, invitedUserSchema, meSchema, problemSchema } from './contract.ts';

const started: PeopleServer[] = [];
let shared: PeopleServer;
beforeAll(async () => {
  shared = await startPeopleServer();
});
afterAll(() => shared?.[Symbol.asyncDispose]());
afterEach(async () => {
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]();
});

/** A server of its own where options are given, else the shared one, on which each test has users of its own. */
async function start(options: Parameters<typeof startPeopleServer>[0] | null = null) {
  const people = options === null ? shared : await startPeopleServer(options);
  if (options !== null) started.push(people);
  return { ...people, ...clientOf(people.url) };
}

type Sender = { readonly token?: string; readonly cookie?: string; readonly headers?: Record<string, string> };

function clientOf(url: string) {
  const send = (method: string, path: string, sender: Sender = {}, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        ...(sender.token !== undefined && { authorization: `Bearer ${sender.token}` }),
        ...(sender.cookie !== undefined && { cookie: sender.cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...sender.headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  const signIn = (body: object) => send('POST', '/v1/session', {}, body);
  const me = async (sender: Sender) => {
    const response = await send('GET', '/v1/me', sender);
    return response.ok ? meSchema.parse(await response.json()) : response.status;
  };
  return { send, cookieOf, signIn, me };
}

const admin = { token: SERVER_TOKEN };
const codeOf = async (response: Response) => [response.status, problemSchema.parse(await response.json()).code];

test('somebody is invited, chooses a password, signs in and out', async () => {
  const { send, cookieOf, signIn, me } = await start();
  const added = await send('POST', '/v1/users', admin, { id: 'Ana@Shop.example', name: 'Ana', role: 'agent' });
  expect(added.status).toBe(201);
  const { user, invitation } = invitedUserSchema.parse(await added.json());
  expect(user).toMatchObject({ id: 'ana@shop.example', name: 'Ana', role: 'agent', state: 'invited' });

  const path = `/v1${invitation.path.replace('/invitation/', '/invitations/')}`;
  expect(await (await send('GET', path)).json()).toEqual({
    ...{ user: 'ana@shop.example', name: 'Ana', role: 'agent' },
    expiresAt: invitation.expiresAt,
  });
  expect((await send('POST', path, {}, { password: 'short' })).status).toBe(400);
  const accepted = await send('POST', path, {}, { password: PASSWORD });
  expect([accepted.status, accepted.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/HttpOnly/)]);
  const first = { cookie: cookieOf(accepted) };
  expect(await me(first)).toMatchObject({
    actor: { kind: 'user', id: 'ana@shop.example' },
    ...{ name: 'Ana', role: 'agent', signedInBy: 'password', learning: 'immediate' },
  });
  expect(await codeOf(await send('GET', path))).toEqual([404, 'not-found']);
  expect(await codeOf(await send('POST', path, {}, { password: PASSWORD }))).toEqual([404, 'not-found']);

  const second = { cookie: cookieOf(await signIn({ user: 'ANA@shop.example ', password: PASSWORD })) };
  expect((await send('DELETE', '/v1/session', second)).status).toBe(204);
  expect([await me(first), await me(second)]).toEqual([expect.objectContaining({ name: 'Ana' }), 401]);
  expect(await (await send('GET', '/v1/users', admin)).json()).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({ id: 'ana@shop.example', state: 'active', lastSeenAt: expect.any(String) }),
    ]),
  });
});

test('a wrong password, an unknown user, and one who has not chosen a password yet look the same', async () => {
  const { send, signIn, addUser } = await start();
  await addUser({ id: 'wilma', role: 'agent' });
  await send('POST', '/v1/users', admin, { id: 'wim', role: 'agent' });
  const answers: string[] = [];
  for (const user of ['wilma', 'wim', 'nobody', 'nobody at all', '', 'browser']) {
    const response = await signIn({ user: user === '' ? ' ' : user, password: 'wrong horse battery' });
    expect([user, response.headers.get('set-cookie')]).toEqual([user, null]);
    answers.push(`${response.status} ${await response.text()}`);
  }
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^401 .*wrong-credentials/);
});

test('after ten wrong passwords not even the right one is tried, and other users are not held up', async () => {
  const { signIn, addUser } = await start();
  await addUser({ id: 'tess', role: 'agent' });
  await addUser({ id: 'tom', role: 'agent' });
  const attempts = await Promise.all(
    Array.from({ length: 10 }, (_, index) => signIn({ user: 'tess', password: `wrong ${index}` })),
  );
  expect(attempts.map(({ status }) => status)).toEqual(Array(10).fill(401));
  const refused = await signIn({ user: 'tess', password: PASSWORD });
  expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d+$/);
  expect(await codeOf(refused)).toEqual([429, 'too-many-requests']);
  expect((await signIn({ user: 'nobody', password: PASSWORD })).status).toBe(401);
  expect((await signIn({ user: 'tom', password: PASSWORD })).status).toBe(204);
});

test('sessions end when the user is removed, and when the password is replaced', async () => {
  const { send, cookieOf, signIn, me, addUser } = await start();
  await addUser({ id: 'sem', role: 'lead' });
  const session = async (password: string) => ({ cookie: cookieOf(await signIn({ user: 'sem', password })) });
  const first = await session(PASSWORD);
  expect(await me(first)).toMatchObject({ role: 'lead' });
  const invited = invitedUserSchema.parse(await (await send('POST', '/v1/users/sem/invitation', admin)).json());
  expect(await me(first)).toMatchObject({ role: 'lead' });
  const newPassword = 'battery horse correct';
  const path = `/v1${invited.invitation.path.replace('/invitation/', '/invitations/')}`;
  await send('POST', path, {}, { password: newPassword });
  expect(await me(first)).toBe(401);
  expect((await signIn({ user: 'sem', password: PASSWORD })).status).toBe(401);

  const second = await session(newPassword);
  expect((await send('DELETE', '/v1/users/sem', admin)).status).toBe(204);
  expect([await me(second), (await signIn({ user: 'sem', password: newPassword })).status]).toEqual([401, 401]);
  await send('POST', '/v1/users', admin, { id: 'sem', role: 'viewer' });
  expect(await me(second)).toBe(401);
});

test('a changed role counts from the next request on', async () => {
  const { send, cookieOf, signIn, addUser } = await start();
  await addUser({ id: 'cora', role: 'viewer' });
  const cora = { cookie: cookieOf(await signIn({ user: 'cora', password: PASSWORD })) };
  expect(await codeOf(await send('GET', '/v1/users', cora))).toEqual([403, 'forbidden']);
  await send('PATCH', '/v1/users/cora', admin, { role: 'lead' });
  expect((await send('GET', '/v1/users', cora)).status).toBe(200);
  expect((await send('PATCH', '/v1/users/cora', admin, {})).status).toBe(400);
});

test('an integration has a token with a role, which is shown once and ends when it is removed', async () => {
  const { send, cookieOf, signIn, me } = await start();
  const made = await send('POST', '/v1/tokens', admin, { name: 'nightly', role: 'agent' });
  const { token, secret } = createdTokenSchema.parse(await made.json());
  expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const identity = { actor: { kind: 'token', id: 'nightly' }, role: 'agent', signedInBy: 'token' };
  expect(await me({ token: secret })).toMatchObject(identity);
  expect(await codeOf(await send('GET', '/v1/tokens', { token: secret }))).toEqual([403, 'forbidden']);
  const listed = await (await send('GET', '/v1/tokens', admin)).text();
  expect(listed).toContain('"lastUsedAt":"20');
  expect(listed).not.toContain(secret);
  const browser = { cookie: cookieOf(await signIn({ token: secret })) };
  expect(await me(browser)).toMatchObject(identity);
  expect((await send('DELETE', `/v1/tokens/${token.id}`, admin)).status).toBe(204);
  expect([await me({ token: secret }), await me(browser)]).toEqual([401, 401]);
});

test('a browser that signs in with SWITCHBOARD_TOKEN is an admin', async () => {
  const { cookieOf, signIn, me } = await start();
  const browser = { cookie: cookieOf(await signIn({ token: SERVER_TOKEN })) };
  expect(await me(browser)).toMatchObject({
    actor: { kind: 'user', id: 'browser' },
    role: 'admin',
    signedInBy: 'token',
  });
  expect(await codeOf(await signIn({ token: 'another' }))).toEqual([401, 'wrong-credentials']);
  for (const body of [{}, { token: '' }, { user: 'ana' }, { token: 'a', user: 'b', password: 'c' }]) {
    expect((await signIn(body)).status).toBe(400);
  }
});

test('without a token everybody on this machine is an admin, and may still sign in under their own name', async () => {
  const { me, addUser, signIn, cookieOf } = await start({ access: { token: null } });
  expect(await me({})).toMatchObject({ actor: { kind: 'token', id: 'local' }, role: 'admin', signedInBy: 'none' });
  await addUser({ id: 'ana', role: 'viewer' });
  const cookie = cookieOf(await signIn({ user: 'ana', password: PASSWORD }));
  expect(await me({ cookie })).toMatchObject({ actor: { kind: 'user', id: 'ana' }, role: 'viewer' });
});

test('guessing invitations is limited', async () => {
  const { send } = await start({});
  const statuses = new Set<number>();
  for (let code = 0; code < 110; code++) statuses.add((await send('GET', `/v1/invitations/${code}`)).status);
  expect([...statuses]).toEqual([404, 429]);
});

test('a stream of events ends for somebody who was removed, and goes on for others', async () => {
  const { send, cookieOf, signIn, addUser } = await start({ recheckMs: 30 });
  await addUser({ id: 'ana', role: 'viewer' });
  const cookie = cookieOf(await signIn({ user: 'ana', password: PASSWORD }));
  const open = async (sender: Sender) => {
    const response = await send('GET', '/v1/events', sender);
    const reader = response.body!.getReader();
    let isOver = false;
    const reading = (async () => {
      while (!(await reader.read()).done);
      isOver = true;
    })();
    return { isOver: () => isOver, stop: () => reader.cancel().then(() => reading) };
  };
  const [ana, other] = [await open({ cookie }), await open(admin)];
  await setTimeout(100);
  expect(ana.isOver()).toBe(false);
  await send('DELETE', '/v1/users/ana', admin);
  await expect.poll(() => ana.isOver()).toBe(true);
  expect(other.isOver()).toBe(false);
  await other.stop();
});

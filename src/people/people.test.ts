import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../base/actor.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import { openTestPglite, type TestStore } from '../testing/test-stores.ts';
import { createPeople, type People } from './people.ts';

const admin: Actor = { kind: 'token', id: 'api' };
const password = 'correct horse battery';
let opened: TestStore;
let people: People;
let now = new Date('2026-11-22T10:00:00Z');
beforeAll(async () => {
  opened = await openTestPglite();
  people = createPeople({ store: opened.store, now: () => now });
});
afterAll(() => opened?.[Symbol.asyncDispose]());

const days = (count: number) => new Date(now.getTime() + count * 86_400_000);

test('an invited user chooses a password once, and signs in with it', async () => {
  const { user, invitation } = await people.addUser({ id: 'ana', name: 'Ana Weiß', role: 'agent', actor: admin });
  expect(user).toMatchObject({ id: 'ana', name: 'Ana Weiß', role: 'agent', state: 'invited', lastSeenAt: null });
  expect(invitation).toEqual({ code: expect.stringMatching(/^[\w-]{43}$/), expiresAt: days(7).toISOString() });
  const { code } = invitation;
  expect((await people.findInvited(code))?.id).toBe('ana');
  await expect(people.acceptInvitation({ code, password: 'short' })).rejects.toThrow(InputError);
  expect((await people.acceptInvitation({ code, password })).id).toBe('ana');
  await expect(people.acceptInvitation({ code, password })).rejects.toThrow(NotFoundError);
  expect(await people.findInvited(code)).toBeNull();
  expect((await people.checkPassword({ id: 'ana', password }))?.id).toBe('ana');
  expect(await people.checkPassword({ id: 'ana', password: 'correct horse' })).toBeNull();
  expect(await people.checkPassword({ id: 'nobody', password })).toBeNull();
  expect((await people.listUsers()).map(({ id, state }) => [id, state])).toContainEqual(['ana', 'active']);
});

test('an invitation ends after a week, and with a newer one', async () => {
  const first = await people.addUser({ id: 'ben', role: 'viewer', actor: admin });
  const second = await people.inviteUser({ id: 'ben', actor: admin });
  expect(await people.findInvited(first.invitation.code)).toBeNull();
  expect((await people.findInvited(second.invitation.code))?.id).toBe('ben');
  const before = now;
  now = days(7);
  expect(await people.findInvited(second.invitation.code)).toBeNull();
  now = before;
});

test('nothing that lets somebody in is stored or written into the history', async () => {
  const { invitation } = await people.addUser({ id: 'cem', role: 'viewer', actor: admin });
  const { secret } = await people.addToken({ name: 'secretive', role: 'viewer', actor: admin });
  const stored = JSON.stringify([
    await opened.store.users.all(),
    await opened.store.tokens.all(),
    await opened.store.history.after(0, 1_000),
  ]);
  for (const text of [invitation.code, secret, password]) expect(stored).not.toContain(text);
});

test('each change is in the history with who made it', async () => {
  const after = await opened.store.history.lastSeq();
  const lead: Actor = { kind: 'user', id: 'dora' };
  await people.addUser({ id: 'emil', role: 'agent', actor: lead });
  await people.changeUser({ id: 'emil', role: 'lead', actor: lead });
  await people.changeUser({ id: 'emil', name: 'Emil', actor: lead });
  await people.inviteUser({ id: 'emil', actor: lead });
  await people.removeUser({ id: 'emil', actor: lead });
  await people.addToken({ name: 'nightly', role: 'agent', actor: lead });
  await people.removeToken({ idOrName: 'nightly', actor: lead });
  const entries = await opened.store.history.after(after, 100);
  expect(entries.map(({ event, actor, facts }) => [event, actor.id, Object.values(facts).join()])).toEqual([
    ['user-added', 'dora', 'agent,emil'],
    ['user-changed', 'dora', 'lead,emil'],
    ['user-changed', 'dora', 'lead,emil'],
    ['user-invited', 'dora', 'lead,emil'],
    ['user-removed', 'dora', 'lead,emil'],
    ['token-added', 'dora', 'agent,nightly'],
    ['token-removed', 'dora', 'agent,nightly'],
  ]);
});

test('nobody takes away their own role or account, and no id or name is used twice', async () => {
  const actor: Actor = { kind: 'user', id: 'fay' };
  await people.addUser({ id: 'fay', role: 'admin', actor: admin });
  await expect(people.changeUser({ id: 'fay', role: 'viewer', actor })).rejects.toThrow(ConflictError);
  await expect(people.removeUser({ id: 'fay', actor })).rejects.toThrow(ConflictError);
  await expect(people.addUser({ id: 'fay', role: 'viewer', actor })).rejects.toThrow(ConflictError);
  await expect(people.addUser({ id: 'browser', role: 'viewer', actor })).rejects.toThrow(InputError);
  await people.addToken({ name: 'hook', role: 'viewer', actor });
  await expect(people.addToken({ name: 'hook', role: 'viewer', actor })).rejects.toThrow(ConflictError);
  await expect(people.addToken({ name: 'api', role: 'viewer', actor })).rejects.toThrow(InputError);
  for (const request of [
    () => people.removeUser({ id: 'nobody', actor }),
    () => people.changeUser({ id: 'nobody', name: 'x', actor }),
    () => people.inviteUser({ id: 'nobody', actor }),
    () => people.removeToken({ idOrName: 'nothing', actor }),
  ]) {
    await expect(request()).rejects.toThrow(NotFoundError);
  }
});

test('a proxy adds users where it may, and never brings a removed one back', async () => {
  expect(await people.findProxyUser({ id: 'gus', newUsers: null })).toBeNull();
  expect(await people.findProxyUser({ id: 'gus', newUsers: 'viewer' })).toMatchObject({ id: 'gus', role: 'viewer' });
  expect(await people.findProxyUser({ id: 'browser', newUsers: 'viewer' })).toBeNull();
  await people.removeUser({ id: 'gus', actor: admin });
  expect(await people.findProxyUser({ id: 'gus', newUsers: 'viewer' })).toBeNull();
  await people.addUser({ id: 'gus', role: 'agent', actor: admin });
  expect(await people.findProxyUser({ id: 'gus', newUsers: 'viewer' })).toMatchObject({ role: 'agent' });
});

test('when somebody was here is written once in some minutes', async () => {
  const seen = async () => (await opened.store.users.find('ana'))?.lastSeenAt ?? null;
  const look = async () => {
    const user = await people.findUser('ana');
    if (user !== null) await people.see(user);
    return seen();
  };
  const first = now.toISOString();
  expect(await look()).toBe(first);
  now = new Date(now.getTime() + 60_000);
  expect(await look()).toBe(first);
  now = new Date(now.getTime() + 300_000);
  expect(await look()).toBe(now.toISOString());
});

test('a token is known by its secret until it is removed', async () => {
  const { token, secret } = await people.addToken({ name: 'import', role: 'agent', actor: admin });
  expect(secret).toMatch(/^swb_[\w-]{43}$/);
  expect(token).toMatchObject({ name: 'import', role: 'agent', by: admin, lastUsedAt: null });
  expect(await people.findToken(secret)).toMatchObject({ name: 'import', role: 'agent' });
  expect((await people.listTokens()).find(({ name }) => name === 'import')?.lastUsedAt).toBe(now.toISOString());
  for (const wrong of ['', 'swb_', `${secret}x`, secret.slice(0, -1)]) expect(await people.findToken(wrong)).toBeNull();
  await people.removeToken({ idOrName: token.id, actor: admin });
  expect(await people.findToken(secret)).toBeNull();
});

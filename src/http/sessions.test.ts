import { expect, test } from 'vitest';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { createSessions, SESSION_SECONDS } from './sessions.ts';

test('a session ends after thirty days, and the next sign-in deletes expired rows', async () => {
  const { store } = createStubHttpApp();
  let now = new Date('2026-11-22T10:00:00Z');
  const sessions = createSessions({ store: store.sessions, now: () => now });
  const removed: Date[] = [];
  const { removeExpired } = store.sessions;
  store.sessions.removeExpired = async (at) => {
    removed.push(at);
    await removeExpired(at);
  };
  const actor = { kind: 'user', id: 'ana' } as const;
  const id = await sessions.open({ actor, secret: 'the-right-one' });
  now = new Date(now.getTime() + SESSION_SECONDS * 1_000 - 1);
  const found = await sessions.find(id);
  expect(found?.actor).toEqual(actor);
  expect(['the-right-one', 'another'].map((secret) => found?.wasOpenedWith(secret))).toEqual([true, false]);
  now = new Date(now.getTime() + 1);
  expect(await sessions.find(id)).toBeNull();
  await sessions.open({ actor, secret: 'the-right-one' });
  expect(removed.at(-1)).toEqual(now);
});

import { expect, test } from 'vitest';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { browserActor } from './request-actor.ts';
import { createSessions, SESSION_SECONDS } from './sessions.ts';

test('a session ends after thirty days, and the next sign-in deletes expired rows', async () => {
  const { store } = createStubHttpApp();
  let now = new Date('2026-11-22T10:00:00Z');
  const sessions = createSessions({ store: store.sessions, token: 'the-right-one', now: () => now });
  const removed: Date[] = [];
  const { removeExpired } = store.sessions;
  store.sessions.removeExpired = async (at) => {
    removed.push(at);
    await removeExpired(at);
  };
  const id = await sessions.open(browserActor);
  now = new Date(now.getTime() + SESSION_SECONDS * 1_000 - 1);
  expect(await sessions.find(id)).toEqual(browserActor);
  now = new Date(now.getTime() + 1);
  expect(await sessions.find(id)).toBeNull();
  await sessions.open(browserActor);
  expect(removed.at(-1)).toEqual(now);
});

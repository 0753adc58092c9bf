import { expect, test } from 'vitest';
import { roles } from '../base/role.ts';
import { historyEvents } from '../store/history-facts.ts';
import { PASSWORD, startPeopleServer } from '../testing/people-server.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { eventRoles, mayHear } from './event-roles.ts';
import { routeRoles } from './route-roles.ts';

test('an event is heard by whoever may read its subject', () => {
  for (const event of historyEvents) {
    const [subject] = event.split('-');
    const route =
      subject === 'user' || subject === 'password'
        ? 'GET /v1/users'
        : subject === 'token'
          ? 'GET /v1/tokens'
          : 'GET /v1/tickets';
    expect([event, eventRoles[event]]).toEqual([event, routeRoles[route]]);
  }
});

/** What a stream sends. `heard()` has the names of the events, without `ticket.`, and without `hello`. */
function listen(response: Response): { heard: () => string[]; stop: () => Promise<void> } {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const reading = (async () => {
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
  })();
  return {
    heard: () => [...text.matchAll(/^event: (?:ticket\.)?(\S+)$/gm)].map(([, name]) => name ?? '').slice(1),
    stop: () => reader.cancel().then(() => reading),
  };
}

test.each(roles)('the stream of a %s has the events that the role may hear, missed ones and new ones', async (role) => {
  const app = createStubHttpApp();
  await using started = await startPeopleServer({ app });
  const headers = { authorization: `Bearer ${await started.tokenOf(role)}`, 'last-event-id': '0' };
  for (const event of historyEvents) app.emit(null, event);
  const { heard, stop } = listen(await fetch(`${started.url}/v1/events`, { headers }));
  for (const event of historyEvents) app.emit('t-1', event);
  app.emit('t-2', 'accepted');
  const expected = historyEvents.filter((event) => mayHear(role, event));
  await expect.poll(heard).toEqual([...expected, ...expected, 'accepted']);
  await stop();
});

test('an open stream follows a change of its reader’s role', async () => {
  const app = createStubHttpApp();
  await using started = await startPeopleServer({ app, recheckMs: 20 });
  const { people, url } = started;
  const actor = { kind: 'token', id: 'api' } as const;
  await started.addUser({ id: 'ana', role: 'viewer' });
  const session = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ana', password: PASSWORD }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { heard, stop } = listen(await fetch(`${url}/v1/events`, { headers: { cookie } }));
  /** What is heard of these two. */
  const tell = async () => {
    const count = () => heard().filter((event) => event === 'accepted').length;
    const before = { count: count(), length: heard().length };
    app.emit(null, 'user-added');
    app.emit('t-1', 'accepted');
    await expect.poll(count).toBe(before.count + 1);
    return heard().slice(before.length);
  };
  expect(await tell()).toEqual(['accepted']);
  await people.changeUser({ id: 'ana', role: 'lead', actor });
  await expect.poll(tell).toContain('user-added');
  await people.changeUser({ id: 'ana', role: 'viewer', actor });
  await expect.poll(tell).not.toContain('user-added');
  await stop();
});

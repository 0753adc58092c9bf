import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Feedback } from '../../store/store.ts';
import { PASSWORD, type PeopleServer, SERVER_TOKEN, startPeopleServer } from '../../testing/people-server.ts';
import { createStubHttpApp } from '../../testing/stub-http-app.ts';
import { problemSchema, storedFeedbackSchema } from '../contract.ts';

let started: PeopleServer;
beforeAll(async () => {
  const app = createStubHttpApp();
  await app.intake({
    connector: 'api',
    ticket: { id: 't-1', body: 'Where is it?' },
    actor: { kind: 'token', id: 'x' },
  });
  started = await startPeopleServer({ app });
});
afterAll(() => started?.[Symbol.asyncDispose]());

const post = (path: string, headers: Record<string, string>, body: object) =>
  fetch(`${started.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const say = (headers: Record<string, string>, feedback: Feedback) =>
  post('/v1/tickets/t-1/feedback', headers, feedback);
const signIn = async (body: object) => ({
  cookie: (await post('/v1/session', {}, body)).headers.get('set-cookie')?.split(';')[0] ?? '',
});

test('somebody who is signed in speaks only for themselves', async () => {
  await started.addUser({ id: 'ana', role: 'agent' });
  const ana = await signIn({ user: 'ana', password: PASSWORD });
  const refused = await say(ana, { rating: 4, by: 'bea' });
  expect(refused.status).toBe(400);
  expect(problemSchema.parse(await refused.json())).toMatchObject({
    code: 'invalid-input',
    issues: [{ path: 'by', message: expect.stringContaining('you are signed in as "ana"') }],
  });
  for (const own of [{}, { by: 'Ana ' }, { by: '' }]) {
    const { actor, feedback } = storedFeedbackSchema.parse(await (await say(ana, { rating: 4, ...own })).json());
    expect({ actor, feedback }).toEqual({ actor: { kind: 'user', id: 'ana' }, feedback: { rating: 4 } });
  }
});

test('a token names the person for whom it speaks, and stays the actor', async () => {
  const bearer = async () => ({ authorization: `Bearer ${await started.tokenOf('agent')}` });
  for (const [headers, actor] of [
    [await bearer(), { kind: 'token', id: expect.stringMatching(/^agent-/) }],
    [{ authorization: `Bearer ${SERVER_TOKEN}` }, { kind: 'token', id: 'api' }],
    [await signIn({ token: SERVER_TOKEN }), { kind: 'user', id: 'browser' }],
  ] as const) {
    const response = await say(headers, { rating: 2, by: 'bea' });
    expect(storedFeedbackSchema.parse(await response.json())).toMatchObject({ actor, feedback: { by: 'bea' } });
  }
});

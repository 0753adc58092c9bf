// A browser signs in once; programs go on with the header.
import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { createStubHttpApp } from '../testing/stub-http-app.ts';
import { createHttpServer } from './create-http-server.ts';
import { safePath } from './sign-in.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(token: string | null): Promise<string> {
  const server = await createHttpServer({
    app: createStubHttpApp(),
    access: { host: '127.0.0.1', allowedHosts: [], token },
    requestsPerMinute: 60_000,
    log: silentLogger,
    version: '0.0.0-test',
  });
  cleanups.push(() => server.close());
  return server.listen({ host: '127.0.0.1', port: 0 });
}

const browse = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { accept: 'text/html,*/*;q=0.8', ...headers }, redirect: 'manual' });
const signIn = (url: string, form: Record<string, string>) =>
  fetch(`${url}/sign-in`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

test('a browser is asked for the token once and then led to the page it wanted', async () => {
  const url = await start('the-right-one');
  const asked = await browse(`${url}/docs/static/index.html?a="b"`);
  expect(asked.status).toBe(401);
  expect(asked.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await asked.text()).toContain('name="next" value="/docs/static/index.html?a=%22b%22"');

  const answer = await signIn(url, { token: 'the-right-one', next: '/docs' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/docs']);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain('the-right-one');
  const session = cookie.split(';', 1)[0] ?? '';
  expect((await browse(`${url}/docs`, { cookie: `theme=dark; ${session}` })).status).toBeLessThan(400);
  expect((await fetch(`${url}/v1/tickets`, { headers: { cookie: session } })).status).toBe(200);
});

test('a wrong token, a made-up cookie and a session of another token stay outside', async () => {
  const url = await start('the-right-one');
  const refused = await signIn(url, { token: 'a-wrong-one', next: '/docs' });
  expect([refused.status, refused.headers.get('set-cookie')]).toEqual([401, null]);
  expect(await refused.text()).toContain('not the token');
  expect((await signIn(url, {})).status).toBe(401);
  const other = await signIn(await start('another'), { token: 'another' });
  const sessions = [
    'switchboard_session=',
    'switchboard_session=00',
    (other.headers.get('set-cookie') ?? '').split(';')[0],
  ];
  for (const cookie of sessions) {
    expect((await fetch(`${url}/v1/tickets`, { headers: { cookie: cookie ?? '' } })).status).toBe(401);
  }
});

test('programs get a problem document, whatever they accept', async () => {
  const url = await start('the-right-one');
  for (const accept of ['*/*', 'application/json']) {
    const refused = await fetch(`${url}/v1/tickets`, { headers: { accept } });
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  }
  const posted = await fetch(`${url}/v1/tickets`, { method: 'POST', body: '{}', headers: { accept: 'text/html' } });
  expect(posted.headers.get('content-type')).toMatch(/^application\/problem\+json/);
});

test('whoever tries one token after another in the form is slowed down', async () => {
  const url = await start('the-right-one');
  const statuses = new Set<number>();
  for (let attempt = 0; attempt < 110; attempt += 1) statuses.add((await signIn(url, { token: `${attempt}` })).status);
  expect([...statuses]).toEqual([401, 429]);
});

test('without a token there is nothing to sign in to', async () => {
  const url = await start(null);
  expect((await signIn(url, { token: '' })).status).toBeGreaterThanOrEqual(400);
  expect((await browse(`${url}/docs`)).status).toBeLessThan(400);
});

test('signing in leads to this server only', () => {
  for (const path of ['/', '/docs', '/docs/?a=b#c']) expect(safePath(path)).toBe(path);
  for (const path of [
    null,
    '',
    'docs',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\n/evil',
    '/sign-in',
  ]) {
    expect([path, safePath(path)]).toEqual([path, '/']);
  }
});

// A browser signs in once; programs send the token in a header.
import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { createStubHttpApp, type StubHttpApp } from '../testing/stub-http-app.ts';
import { createHttpServer } from './create-http-server.ts';
import { safePath } from './sign-in.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(
  token: string | null,
  options: { app?: StubHttpApp; trustProxy?: boolean; requestsPerMinute?: number } = {},
): Promise<string> {
  const { app = createStubHttpApp(), trustProxy = false, requestsPerMinute = 60_000 } = options;
  const server = await createHttpServer({
    app,
    access: { host: '127.0.0.1', allowedHosts: [], token },
    requestsPerMinute,
    trustProxy,
    log: silentLogger,
    version: '0.0.0-test',
  });
  cleanups.push(() => server.close());
  return server.listen({ host: '127.0.0.1', port: 0 });
}

/** What Chromium sends when it opens a page, and when a page loads a script, a style or an image. */
const accepts = {
  document:
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
  script: '*/*',
  style: 'text/css,*/*;q=0.1',
  image: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
} as const;

const browse = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { accept: accepts.document, ...headers }, redirect: 'manual' });
const signIn = (url: string, token: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/session`, {
    method: 'POST',
    body: JSON.stringify({ token }),
    headers: { 'content-type': 'application/json', ...headers },
  });
const signOut = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/session`, { method: 'DELETE', headers });
const cookieOf = (response: Response) => response.headers.get('set-cookie') ?? '';
const sessionOf = (response: Response) => cookieOf(response).split(';', 1)[0] ?? '';

test('a browser is redirected to the sign-in page, which leads back to what it asked for', async () => {
  const url = await start('the-right-one');
  const asked = await browse(`${url}/docs/static/index.html?a="b"`);
  const pageUrl = '/sign-in?next=%2Fdocs%2Fstatic%2Findex.html%3Fa%3D%2522b%2522';
  expect([asked.status, asked.headers.get('location')]).toEqual([303, pageUrl]);
  const notice = await browse(`${url}${pageUrl}`);
  expect([notice.status, notice.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(await notice.text()).toContain('npm run page');

  const answer = await signIn(url, 'the-right-one');
  expect(answer.status).toBe(204);
  expect(cookieOf(answer)).toMatch(/; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
  const cookie = `theme=dark; ${sessionOf(answer)}`;
  expect((await fetch(`${url}/v1/tickets`, { headers: { cookie } })).status).toBe(200);
});

test('a signed-in browser gets the documentation page with everything that it loads', async () => {
  const url = await start('the-right-one');
  const cookie = sessionOf(await signIn(url, 'the-right-one'));
  const page = await fetch(`${url}/docs`, { headers: { accept: accepts.document, cookie } });
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
  const html = await page.text();
  const load = async (kind: keyof typeof accepts, path: string) => {
    const { status, headers } = await fetch(new URL(path, page.url), { headers: { accept: accepts[kind], cookie } });
    return [kind, path, status, headers.get('content-type')?.split(';', 1)[0]];
  };
  const scripts = [...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, path]) => path ?? '');
  const styles = [...html.matchAll(/<link[^>]*rel="stylesheet"[^>]* href="([^"]+)"|href="([^"]+\.css)"/g)].map(
    ([, path, other]) => path ?? other ?? '',
  );
  expect([scripts.length, styles.length]).toEqual([expect.any(Number), expect.any(Number)]);
  expect(Math.min(scripts.length, styles.length)).toBeGreaterThan(0);
  for (const path of scripts) {
    expect(await load('script', path)).toEqual(['script', path, 200, expect.stringMatching(/javascript$/)]);
  }
  for (const path of styles) expect(await load('style', path)).toEqual(['style', path, 200, 'text/css']);
  expect(await load('script', '/docs/json')).toEqual(['script', '/docs/json', 200, 'application/json']);
  expect(await load('image', '/docs/static/favicon-32x32.png')).toContain(200);
});

test('each sign-in starts its own session, and signing out ends only that one', async () => {
  const url = await start('the-right-one');
  const first = sessionOf(await signIn(url, 'the-right-one'));
  const second = sessionOf(await signIn(url, 'the-right-one'));
  expect(first).not.toBe(second);
  const out = await signOut(url, { cookie: first });
  expect(out.status).toBe(204);
  expect(cookieOf(out)).toMatch(/^switchboard_session=; Path=\/; Max-Age=0;/);
  const statusOf = async (cookie: string) => (await fetch(`${url}/v1/tickets`, { headers: { cookie } })).status;
  expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
  expect((await browse(`${url}/docs`, { cookie: first })).headers.get('set-cookie')).toContain('Max-Age=0');
});

test('a page of another site can change nothing, even on a server without a token', async () => {
  const url = await start(null);
  const approve = (site: string | null) =>
    fetch(`${url}/v1/examples/e/approve`, { method: 'POST', headers: site === null ? {} : { 'sec-fetch-site': site } });
  for (const site of ['cross-site', 'same-site']) expect([site, (await approve(site)).status]).toEqual([site, 403]);
  for (const site of [null, 'none', 'same-origin']) expect([site, (await approve(site)).status]).toEqual([site, 204]);
  const read = await fetch(`${url}/v1/tickets`, { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(read.status).toBe(200);
});

test('signing out without the cookie changes nothing', async () => {
  const url = await start('the-right-one');
  const out = await signOut(url);
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, null]);
});

test('a replaced token ends every session, and only hashes are stored', async () => {
  const app = createStubHttpApp();
  const stored: string[] = [];
  const { add } = app.store.sessions;
  const watched = {
    ...app,
    store: {
      ...app.store,
      sessions: {
        ...app.store.sessions,
        add: async (session: Parameters<typeof add>[0]) => {
          stored.push(JSON.stringify(session));
          await add(session);
        },
      },
    },
  };
  const url = await start('the-first-token', { app: watched });
  const session = sessionOf(await signIn(url, 'the-first-token'));
  const next = await start('the-second-token', { app });
  const statusAt = async (at: string) => (await fetch(`${at}/v1/tickets`, { headers: { cookie: session } })).status;
  expect([await statusAt(url), await statusAt(next)]).toEqual([200, 401]);
  expect(stored).toHaveLength(1);
  expect(stored[0]).not.toContain('the-first-token');
  expect(stored[0]).not.toContain(session.split('=')[1]);
});

test('a wrong token and an invented cookie are refused', async () => {
  const url = await start('the-right-one');
  const refused = await signIn(url, 'a-wrong-one');
  expect([refused.status, refused.headers.get('set-cookie')]).toEqual([401, null]);
  expect(await refused.text()).toContain('not the token');
  for (const id of ['', '00', 'f'.repeat(64), `' or 1=1`, '%00']) {
    const headers = { cookie: `switchboard_session=${id}` };
    expect([id, (await fetch(`${url}/v1/tickets`, { headers })).status]).toEqual([id, 401]);
  }
});

test('the cookie is limited to https when the browser used https', async () => {
  const signInBy = async (url: string, headers: Record<string, string>) =>
    cookieOf(await signIn(url, 'the-right-one', headers));
  const behindProxy = await start('the-right-one', { trustProxy: true });
  expect(await signInBy(behindProxy, { 'x-forwarded-proto': 'https' })).toMatch(/; Secure$/);
  expect(await signInBy(behindProxy, {})).not.toContain('Secure');
});

test('each client behind a trusted proxy has its own limit; without one, X-Forwarded-For is ignored', async () => {
  const statusesFrom = async (url: string, clients: readonly string[]) => {
    const statuses: number[] = [];
    for (const client of clients) {
      statuses.push((await fetch(`${url}/v1/tickets`, { headers: { 'x-forwarded-for': client } })).status);
    }
    return statuses;
  };
  const clients = ['203.0.113.1', '203.0.113.2', '203.0.113.1', '203.0.113.2'];
  const trusting = await start(null, { trustProxy: true, requestsPerMinute: 1 });
  expect(await statusesFrom(trusting, clients)).toEqual([200, 200, 429, 429]);
  const direct = await start(null, { requestsPerMinute: 1 });
  expect(await statusesFrom(direct, clients)).toEqual([200, 429, 429, 429]);
});

test('programs get a problem document, whatever their Accept header is', async () => {
  const url = await start('the-right-one');
  for (const accept of ['*/*', 'application/json']) {
    const refused = await fetch(`${url}/v1/tickets`, { headers: { accept } });
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  }
  const posted = await fetch(`${url}/v1/tickets`, { method: 'POST', body: '{}', headers: { accept: 'text/html' } });
  expect(posted.headers.get('content-type')).toMatch(/^application\/problem\+json/);
});

test('guessing tokens in a browser is limited', async () => {
  const url = await start('the-right-one');
  const statuses = new Set<number>();
  for (let attempt = 0; attempt < 110; attempt += 1) statuses.add((await signIn(url, `${attempt}`)).status);
  expect([...statuses]).toEqual([401, 429]);
});

test('a server without a token needs no sign-in', async () => {
  const url = await start(null);
  expect((await signIn(url, 'any')).status).toBe(401);
  expect((await browse(`${url}/docs`)).status).toBeLessThan(400);
});

test('signing in leads only to paths of this server', () => {
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
    '/sign-in?next=/',
  ]) {
    expect([path, safePath(path)]).toEqual([path, '/']);
  }
});

import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasRole, roles } from '../base/role.ts';
import { type PeopleServer, startPeopleServer } from '../testing/people-server.ts';
import { problemSchema } from './contract.ts';
import { demandRoles, findRouteRole, listRoutes, type Route, routeRoles } from './route-roles.ts';

let started: PeopleServer;
beforeAll(async () => {
  started = await startPeopleServer();
});
afterAll(() => started?.[Symbol.asyncDispose]());

/** Sends nothing that a route would take, so that only the door matters. */
async function knock({ method, path }: Route, token: string | null): Promise<{ status: number; code: string }> {
  const url = `${started.url}${path.replace(/:\w+/g, '1').replace('*', 'x')}`;
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const ending = new AbortController();
  const response = await fetch(url, { method, headers, redirect: 'manual', signal: ending.signal });
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') && method !== 'HEAD';
  const code = isProblem ? problemSchema.parse(await response.json()).code : '';
  ending.abort(); // The stream of events would go on.
  return { status: response.status, code };
}

test.each(roles)('every route lets in a %s where its role says so, and nobody with less', async (role) => {
  const token = await started.tokenOf(role);
  const routes = listRoutes(started.server);
  expect(routes.length).toBeGreaterThan(50);
  const wrong: unknown[] = [];
  for (const route of routes) {
    const needed = findRouteRole(route) ?? 'none';
    const { status, code } = await knock(route, token);
    const isLetIn = status !== 403 && !(status === 401 && code === 'token-needed');
    const isRight = needed !== 'none' && isLetIn === (needed === 'open' || hasRole(role, needed));
    if (!isRight) wrong.push({ ...route, needed, status, code });
  }
  expect(wrong).toEqual([]);
});

test('without signing in, only the open routes answer', async () => {
  const open: string[] = [];
  for (const route of listRoutes(started.server)) {
    const { status, code } = await knock(route, null);
    if (status !== 401 || (code !== 'token-needed' && route.method !== 'HEAD'))
      open.push(`${route.method} ${route.path}`);
  }
  expect(open.sort()).toEqual([
    'DELETE /v1/session',
    'GET /',
    'GET /*',
    'GET /assets/*',
    'GET /healthz',
    'GET /icon.svg',
    'GET /readyz',
    'GET /v1/invitations/:code',
    'HEAD /',
    'HEAD /*',
    'HEAD /assets/*',
    'HEAD /healthz',
    'HEAD /icon.svg',
    'HEAD /readyz',
    'HEAD /v1/invitations/:code',
    'POST /v1/invitations/:code',
    'POST /v1/session',
    'POST /webhooks/:connector',
  ]);
});

test('no role is left of a route that is gone', () => {
  const known = new Set(listRoutes(started.server).map(({ method, path }) => `${method} ${path}`));
  // Where the page is built, it has the address of the notice that it is not.
  expect(Object.keys(routeRoles).filter((route) => !known.has(route))).toEqual(['GET /sign-in']);
});

test('a route without a role cannot be registered', async () => {
  const fastify = Fastify();
  demandRoles(fastify);
  expect(() => fastify.get('/v1/forgotten', async () => ({}))).toThrow('"GET /v1/forgotten" has no role');
  await fastify.close();
});

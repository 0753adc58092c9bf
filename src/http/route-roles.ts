// The role that each route needs. A route that is not listed here cannot be registered, so that none is forgotten.
import type { FastifyInstance } from 'fastify';
import type { Role } from '../base/role.ts';

/** `open`: without signing in. */
export type RouteRole = Role | 'open';

/** By method and path, as the route is registered. A HEAD request needs what its GET needs. */
export const routeRoles: Readonly<Record<string, RouteRole>> = {
  // The page has no secrets: what it shows, it asks the API for. Webhooks are signed by their helpdesk.
  'GET /': 'open',
  'GET /*': 'open',
  'GET /assets/*': 'open',
  'GET /icon.svg': 'open',
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'POST /webhooks/:connector': 'open',
  // Only where the page is not built.
  'GET /sign-in': 'open',
  'POST /v1/session': 'open',
  'DELETE /v1/session': 'open',
  'GET /v1/invitations/:code': 'open',
  'POST /v1/invitations/:code': 'open',

  'GET /openapi.json': 'viewer',
  'GET /metrics': 'viewer',
  'GET /v1/me': 'viewer',
  'GET /v1/events': 'viewer',
  'GET /v1/tickets': 'viewer',
  'GET /v1/tickets/:id': 'viewer',
  'GET /v1/counts': 'viewer',
  'GET /v1/series': 'viewer',
  'GET /v1/spending': 'viewer',
  'GET /v1/corrections': 'viewer',
  'GET /v1/examples': 'viewer',
  'GET /v1/deliveries': 'viewer',
  'GET /v1/calibrations': 'viewer',
  'GET /v1/review': 'viewer',
  'GET /v1/taxonomy': 'viewer',
  'GET /v1/runs': 'viewer',
  'GET /v1/runs/:id': 'viewer',
  'GET /v1/runs/:id/report': 'viewer',
  'GET /v1/comparisons': 'viewer',
  'GET /v1/setup': 'viewer',
  'GET /v1/doctor': 'viewer',

  'POST /v1/tickets': 'agent',
  'POST /v1/route': 'agent',
  'POST /v1/try': 'agent',
  'POST /v1/tickets/:id/feedback': 'agent',
  // That of others needs a lead (src/http/routes/feedback.ts).
  'DELETE /v1/tickets/:id/feedback/:n': 'agent',
  'POST /v1/review/next': 'agent',
  'POST /v1/review/:id': 'agent',
  'DELETE /v1/review/:id/verdict': 'agent',

  'POST /v1/tickets/:id/feedback/:n/approve': 'lead',
  'POST /v1/examples': 'lead',
  'DELETE /v1/examples/:id': 'lead',
  'POST /v1/examples/:id/approve': 'lead',
  'POST /v1/decisions/:id/undo': 'lead',
  'POST /v1/calibrations': 'lead',
  'DELETE /v1/calibrations/:engine': 'lead',
  'GET /v1/users': 'lead',

  'POST /v1/users': 'admin',
  'PATCH /v1/users/:id': 'admin',
  'DELETE /v1/users/:id': 'admin',
  'POST /v1/users/:id/invitation': 'admin',
  'GET /v1/tokens': 'admin',
  'POST /v1/tokens': 'admin',
  'DELETE /v1/tokens/:id': 'admin',
  'POST /v1/imports': 'admin',
  'DELETE /v1/tickets/:id': 'admin',
  'POST /v1/erasures': 'admin',
};

export type Route = { readonly method: string; readonly path: string };

/** Undefined for a route that has no role. */
export function findRouteRole({ method, path }: Route): RouteRole | undefined {
  // The documentation of the API, whose routes @fastify/swagger-ui registers.
  if (/^\/docs(?:\/|$)/.test(path)) return 'viewer';
  return routeRoles[`${method === 'HEAD' ? 'GET' : method} ${path}`];
}

const ROUTES = 'routesWithRoles';

/** Throws TypeError for each route without a role that is registered afterwards. */
export function demandRoles(fastify: FastifyInstance): void {
  const routes: Route[] = [];
  fastify.decorate(ROUTES, routes);
  fastify.addHook('onRoute', ({ method: methods, url: path }) => {
    for (const method of [methods].flat()) {
      if (findRouteRole({ method, path }) === undefined) {
        throw new TypeError(`the route "${method} ${path}" has no role; give it one in src/http/route-roles.ts`);
      }
      routes.push({ method, path });
    }
  });
}

/** Every route of a server, for tests. */
export function listRoutes(fastify: FastifyInstance): readonly Route[] {
  return fastify.getDecorator<readonly Route[]>(ROUTES);
}

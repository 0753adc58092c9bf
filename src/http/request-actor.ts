import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../base/actor.ts';

const ACTOR = 'actor';

/** Whoever sends the token with a request. */
export const tokenActor: Actor = { kind: 'token', id: 'api' };
/** Whoever signed in by typing the token into a browser. */
export const browserActor: Actor = { kind: 'user', id: 'browser' };
/** Everybody, where no token is asked for: only this machine reaches such a server. */
export const localActor: Actor = { kind: 'token', id: 'local' };

export function decorateActor(fastify: FastifyInstance): void {
  fastify.decorateRequest(ACTOR, null);
}

export function setActor(request: FastifyRequest, actor: Actor): void {
  request.setDecorator(ACTOR, actor);
}

/** Who makes the request; null for a stranger, who only reaches the open paths. */
export function findActor(request: FastifyRequest): Actor | null {
  return request.getDecorator<Actor | null>(ACTOR);
}

/** Who makes a request that no stranger can make. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = findActor(request);
  if (actor === null) throw new TypeError('a route that strangers reach asked who they are');
  return actor;
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../base/actor.ts';

const ACTOR = 'actor';

/** A program that sends the token with its request. */
export const tokenActor: Actor = { kind: 'token', id: 'api' };
/** A person who signed in by typing the token into a browser. */
export const browserActor: Actor = { kind: 'user', id: 'browser' };
/** Every request of a server without a token, which only this machine can reach. */
export const localActor: Actor = { kind: 'token', id: 'local' };

export function decorateActor(fastify: FastifyInstance): void {
  fastify.decorateRequest(ACTOR, null);
}

export function setActor(request: FastifyRequest, actor: Actor): void {
  request.setDecorator(ACTOR, actor);
}

/** Who makes the request; null for a request without a token or a session, which only reaches the open paths. */
export function findActor(request: FastifyRequest): Actor | null {
  return request.getDecorator<Actor | null>(ACTOR);
}

/** Who makes a request to a path that needs the token. Throws TypeError when the actor is null, as on open paths. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = findActor(request);
  if (actor === null) throw new TypeError('actorOf() was called for an open path; use findActor()');
  return actor;
}

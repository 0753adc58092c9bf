import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../base/actor.ts';
import { hasRole, type Role } from '../base/role.ts';
import { ForbiddenError } from '../errors.ts';
import type { signInKinds } from './contract.ts';

/** Who makes a request, and what they may do. */
export type Identity = {
  /** What the history shows. */
  readonly actor: Actor;
  /** A display name. */
  readonly name: string;
  readonly role: Role;
  readonly signedInBy: (typeof signInKinds)[number];
};

const IDENTITY = 'identity';

/** A program that sends SWITCHBOARD_TOKEN with its request. */
export const tokenIdentity: Identity = {
  actor: { kind: 'token', id: 'api' },
  name: 'SWITCHBOARD_TOKEN',
  role: 'admin',
  signedInBy: 'token',
};
/** A person who signed in by typing SWITCHBOARD_TOKEN into a browser. */
export const browserIdentity: Identity = { ...tokenIdentity, actor: { kind: 'user', id: 'browser' } };
/** Every request of a server without a token, which only this machine can reach. */
export const localIdentity: Identity = {
  actor: { kind: 'token', id: 'local' },
  name: 'local',
  role: 'admin',
  signedInBy: 'none',
};

export function decorateIdentity(fastify: FastifyInstance): void {
  fastify.decorateRequest(IDENTITY, null);
}

export function setIdentity(request: FastifyRequest, identity: Identity): void {
  request.setDecorator(IDENTITY, identity);
}

/** Who makes the request; null for a request that only reaches the open routes. */
export function findIdentity(request: FastifyRequest): Identity | null {
  return request.getDecorator<Identity | null>(IDENTITY);
}

/** Who makes a request to a route that needs a role. Throws TypeError when nobody is known, as on open routes. */
export function identityOf(request: FastifyRequest): Identity {
  const identity = findIdentity(request);
  if (identity === null) throw new TypeError('identityOf() was called for an open route; use findIdentity()');
  return identity;
}

/** True for somebody who signed in under their own name, and false for who shares a token with others. */
export function isNamedUser({ signedInBy }: Identity): boolean {
  return signedInBy === 'password' || signedInBy === 'proxy';
}

export function actorOf(request: FastifyRequest): Actor {
  return identityOf(request).actor;
}

export function mayAct(request: FastifyRequest, needed: Role): boolean {
  return hasRole(identityOf(request).role, needed);
}

/** For what a part of a route needs beyond the role of the route. `what` as in `approve feedback`. Throws ForbiddenError. */
export function assertRole(request: FastifyRequest, needed: Role, what: string): void {
  if (!mayAct(request, needed)) throw new ForbiddenError(explainRole({ has: identityOf(request).role, needed, what }));
}

/** A sentence for people, and what to do. */
export function explainRole({ has, needed, what }: { has: Role; needed: Role; what: string }): string {
  return `To ${what}, you need the role "${needed}", and you have "${has}". An admin can change it.`;
}

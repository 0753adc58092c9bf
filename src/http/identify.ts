// Finds out who makes a request: by a token, by the header of a proxy, or by the session of a browser.
import type { FastifyRequest } from 'fastify';
import { isSameActor } from '../base/actor.ts';
import { ForbiddenError } from '../errors.ts';
import type { People } from '../people/people.ts';
import type { StoredToken, StoredUser } from '../store/store.ts';
import { type AccessRules, hasToken, isUnguarded, readBearer } from './access.ts';
import { createProxyReader } from './proxy-auth.ts';
import { browserIdentity, type Identity, localIdentity, tokenIdentity } from './request-actor.ts';
import type { Session, Sessions } from './sessions.ts';
import { readSessionCookie } from './sign-in.ts';

export type Identify = {
  /** Null when nobody is signed in. Throws ForbiddenError for somebody whom the proxy knows and this installation does not. */
  (request: FastifyRequest): Promise<Identity | null>;
  /** The same without the store, so that it works while the store is down: it knows only what needs none. */
  readonly withoutStore: (request: FastifyRequest) => Identity | null;
};

/** For a server whose routes are all open: nobody is asked. */
export const everybody: Identify = Object.assign(async () => localIdentity, { withoutStore: () => localIdentity });

type IdentifyOptions = {
  readonly access: AccessRules;
  readonly people: Pick<People, 'findUser' | 'findProxyUser' | 'see' | 'findToken' | 'findTokenByName'>;
  readonly sessions: Sessions;
};

export function createIdentify({ access, people, sessions }: IdentifyOptions): Identify {
  const { auth = null } = access;
  const readProxyUser = auth === null ? () => null : createProxyReader(auth);
  const unguarded = isUnguarded(access) ? localIdentity : null;
  const byServerToken = ({ headers }: FastifyRequest) =>
    hasToken(headers.authorization, access) ? tokenIdentity : null;

  const byToken = async ({ headers }: FastifyRequest): Promise<Identity | null> => {
    const secret = readBearer(headers.authorization);
    const token = secret === null ? null : await people.findToken(secret);
    return token === null ? null : mapToken(token);
  };

  const byProxy = async (request: FastifyRequest): Promise<Identity | null> => {
    const id = readProxyUser(request);
    if (id === null || auth === null) return null;
    const user = await people.findProxyUser({ id, newUsers: auth.newUsers === 'refuse' ? null : auth.newUsers });
    if (user === null) {
      throw new ForbiddenError(
        `The proxy has signed you in as "${id}", who is no user here. Ask an admin to add you: switchboard user add ${id}`,
      );
    }
    await people.see(user);
    return mapUser(user, 'proxy');
  };

  const bySession = async ({ headers }: FastifyRequest): Promise<Identity | null> => {
    const id = readSessionCookie(headers.cookie);
    const session = id === null ? null : await sessions.find(id);
    return session === null ? null : ownerOf(session);
  };

  const ownerOf = async ({ actor, wasOpenedWith }: Session): Promise<Identity | null> => {
    if (isSameActor(actor, browserIdentity.actor)) {
      return access.token !== null && wasOpenedWith(access.token) ? browserIdentity : null;
    }
    if (actor.kind === 'token') {
      const token = await people.findTokenByName(actor.id);
      return token !== null && wasOpenedWith(token.hash) ? mapToken(token) : null;
    }
    const user = actor.kind === 'user' ? await people.findUser(actor.id) : null;
    if (user === null || user.passwordHash === null || !wasOpenedWith(user.passwordHash)) return null;
    await people.see(user);
    return mapUser(user, 'password');
  };

  const identify = async (request: FastifyRequest): Promise<Identity | null> =>
    byServerToken(request) ??
    (await byToken(request)) ??
    (await byProxy(request)) ??
    (await bySession(request)) ??
    unguarded;
  return Object.assign(identify, { withoutStore: (request: FastifyRequest) => byServerToken(request) ?? unguarded });
}

function mapUser({ id, name, role }: StoredUser, signedInBy: 'password' | 'proxy'): Identity {
  return { actor: { kind: 'user', id }, name, role, signedInBy };
}

function mapToken({ name, role }: StoredToken): Identity {
  return { actor: { kind: 'token', id: name }, name, role, signedInBy: 'token' };
}

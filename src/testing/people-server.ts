import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { silentLogger } from '../base/logger.ts';
import type { Role } from '../base/role.ts';
import type { AccessRules } from '../http/access.ts';
import { createHttpServer } from '../http/create-http-server.ts';
import type { HttpApp } from '../http/http-app.ts';
import { createPeople, type People } from '../people/people.ts';
import type { Store } from '../store/store.ts';
import { createStubHttpApp } from './stub-http-app.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { openTestPglite } from './test-stores.ts';

export const SERVER_TOKEN = 'the-token-of-the-server';
export const PASSWORD = 'correct horse battery';

export type PeopleServer = AsyncDisposable & {
  readonly server: FastifyInstance;
  readonly url: string;
  readonly store: Store;
  readonly people: People;
  /** The secret of a new token with this role. */
  tokenOf(role: Role): Promise<string>;
  /** Adds a user with a password. */
  addUser(user: { id: string; role: Role; password?: string }): Promise<void>;
};

/** A server with users and tokens in a real store, and with a page; its tickets are in memory. */
export async function startPeopleServer(
  options: { access?: Partial<AccessRules>; app?: Partial<HttpApp>; recheckMs?: number } = {},
): Promise<PeopleServer> {
  const [opened, folder] = await Promise.all([openTestPglite(), temporaryFolder()]);
  mkdirSync(join(folder.path, 'assets'));
  writeFileSync(join(folder.path, 'index.html'), '<!doctype html><title>The page</title>');
  const { store } = opened;
  const people = createPeople({ store, now: () => new Date() });
  const stub = createStubHttpApp({ ...options.app, people });
  const server = await createHttpServer({
    app: { ...stub, store: { ...stub.store, sessions: store.sessions } },
    access: { host: '127.0.0.1', allowedHosts: [], token: SERVER_TOKEN, ...options.access },
    requestsPerMinute: 60_000,
    pageDir: folder.path,
    recheckMs: options.recheckMs,
    log: silentLogger,
    version: '0.0.0-test',
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const actor = { kind: 'token', id: 'api' } as const;
  return {
    ...{ server, url, store, people },
    tokenOf: async (role) => {
      const name = `${role}-${(await people.listTokens()).length}`;
      return (await people.addToken({ name, role, actor })).secret;
    },
    addUser: async ({ id, role, password = PASSWORD }) => {
      const { invitation } = await people.addUser({ id, role, actor });
      await people.acceptInvitation({ code: invitation.code, password });
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await opened[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

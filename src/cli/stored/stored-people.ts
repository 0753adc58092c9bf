import type { z } from 'zod';
import type { Role } from '../../base/role.ts';
import { InputError } from '../../errors.ts';
import {
  createdTokenSchema,
  invitedUserSchema,
  tokenListSchema,
  tokenNameSchema,
  userIdSchema,
  userListSchema,
  userSchema,
} from '../../http/contract.ts';
import type { People, Token, User } from '../../people/people.ts';
import { createProgress } from '../io.ts';
import { reachableName } from '../serve/reachable-name.ts';
import { accountActor } from './account-actor.ts';
import type { createCall } from './server-examples.ts';
import { findServer, type StoreOptions } from './stored-examples.ts';

/** `path` is the path of the page on which the user chooses a password. */
export type Invited = { readonly user: User; readonly path: string; readonly expiresAt: string };

export type PeopleEditor = {
  /** Where a browser finds the server, as far as this is known here. */
  readonly url: string;
  users(): Promise<readonly User[]>;
  /** Throws ConflictError when there is a user with this id, InputError for what cannot be an id. */
  addUser(user: { id: string; name?: string; role: Role }): Promise<Invited>;
  changeRole(id: string, role: Role): Promise<User>;
  invite(id: string): Promise<Invited>;
  removeUser(id: string): Promise<void>;
  tokens(): Promise<readonly Token[]>;
  addToken(token: { name: string; role: Role }): Promise<{ readonly token: Token; readonly secret: string }>;
  removeToken(name: string): Promise<void>;
};

/** Through the server that has the embedded store open; without one, directly in PostgreSQL or that store. */
export async function changePeople<T>(options: StoreOptions, work: (editor: PeopleEditor) => Promise<T>): Promise<T> {
  const { config, io } = options;
  const { secrets, settings } = config;
  const serverUrl = await findServer(config);
  if (serverUrl !== null) {
    const { createCall } = await import('./server-examples.ts');
    return work(throughServer(serverUrl, createCall({ serverUrl, token: secrets.token })));
  }
  const [{ openStore }, { createPeople }] = await Promise.all([
    import('../../store/open-store.ts'),
    import('../../people/people.ts'),
  ]);
  const progress = createProgress(io);
  const { databaseUrl } = secrets;
  const store = await openStore({ databaseUrl, dataDir: settings.dataDir, onProgress: progress }).finally(
    progress.finish,
  );
  try {
    const { host, port } = settings.server;
    return await work(direct(`http://${reachableName(host)}:${port}`, createPeople({ store, now: () => new Date() })));
  } finally {
    await store.close();
  }
}

function direct(url: string, people: People): PeopleEditor {
  const actor = accountActor();
  const mapInvited = async ({ user, invitation }: Awaited<ReturnType<People['addUser']>>): Promise<Invited> => ({
    user,
    path: `/invitation/${invitation.code}`,
    expiresAt: invitation.expiresAt,
  });
  return {
    url,
    users: people.listUsers,
    addUser: async (user) => mapInvited(await people.addUser({ ...user, id: parseName(userIdSchema, user.id), actor })),
    changeRole: (id, role) => people.changeUser({ id: id.toLowerCase(), role, actor }),
    invite: async (id) => mapInvited(await people.inviteUser({ id: id.toLowerCase(), actor })),
    removeUser: (id) => people.removeUser({ id: id.toLowerCase(), actor }),
    tokens: people.listTokens,
    addToken: (token) => people.addToken({ ...token, name: parseName(tokenNameSchema, token.name), actor }),
    removeToken: (idOrName) => people.removeToken({ idOrName, actor }),
  };
}

function throughServer(url: string, call: ReturnType<typeof createCall>): PeopleEditor {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const sent =
      body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await call(path, { method, ...sent });
    return response.status === 204 ? null : response.json();
  };
  const userPath = (id: string) => `/v1/users/${encodeURIComponent(id)}`;
  const parseInvited = (answer: unknown): Invited => {
    const { user, invitation } = invitedUserSchema.parse(answer);
    return { user, ...invitation };
  };
  return {
    url,
    users: async () => userListSchema.parse(await send('GET', '/v1/users')).items,
    addUser: async (user) => parseInvited(await send('POST', '/v1/users', user)),
    changeRole: async (id, role) => userSchema.parse(await send('PATCH', userPath(id), { role })),
    invite: async (id) => parseInvited(await send('POST', `${userPath(id)}/invitation`)),
    removeUser: async (id) => void (await send('DELETE', userPath(id))),
    tokens: async () => tokenListSchema.parse(await send('GET', '/v1/tokens')).items,
    addToken: async (token) => createdTokenSchema.parse(await send('POST', '/v1/tokens', token)),
    removeToken: async (name) => void (await send('DELETE', `/v1/tokens/${encodeURIComponent(name)}`)),
  };
}

/** As the server does it for requests. Throws InputError. */
function parseName(schema: z.ZodType<string>, name: string): string {
  const parsed = schema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new InputError({ message: `"${name}" ${parsed.error.issues[0]?.message ?? 'is not valid'}.` });
}

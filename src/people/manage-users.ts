import type { Actor } from '../base/actor.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { StoredUser } from '../store/store.ts';
import { userEntry } from './entries.ts';
import type { InvitedUser, People, PeopleContext, User } from './people.ts';
import { createInvitationCode } from './secrets.ts';

/** Time for somebody who is on holiday for a week; it is one link that is mailed around. */
const INVITATION_DAYS = 7;
const DAY_MS = 86_400_000;
/** How exactly it is known when somebody was here: not every request writes. */
const SEEN_AGAIN_MS = 300_000;

/** The actor of a browser that signed in with SWITCHBOARD_TOKEN has this id. */
const reservedIds: readonly string[] = ['browser'];

type UserKeys =
  | 'listUsers'
  | 'addUser'
  | 'changeUser'
  | 'removeUser'
  | 'inviteUser'
  | 'findUser'
  | 'findProxyUser'
  | 'see';

export function createUsers({ store, now }: PeopleContext): Pick<People, UserKeys> {
  const expiry = () => new Date(now().getTime() + INVITATION_DAYS * DAY_MS).toISOString();
  const describe = (user: StoredUser, { code }: { code: string }): InvitedUser => ({
    user: mapUser(user),
    invitation: { code, expiresAt: user.invitationExpiresAt ?? '' },
  });

  return {
    listUsers: async () => (await store.users.all()).map(mapUser),

    async addUser({ id, name = id, role, actor }) {
      assertFree(id);
      const { code, hash } = createInvitationCode();
      return store.transaction(async ({ users, history }) => {
        const user = { id, name, role, invitationHash: hash, invitationExpiresAt: expiry() };
        if (!(await users.add({ user, mayReturn: true }))) {
          throw new ConflictError(`There is a user "${id}" already. Choose another id, or invite that user again.`);
        }
        const added = await users.find(id);
        if (added === null) throw new TypeError('a user is missing in the transaction that added it');
        await history.append([userEntry('user-added', { actor, id, role, detail: `user ${id} was added as ${role}` })]);
        return describe(added, { code });
      });
    },

    async changeUser({ id, name, role, actor }) {
      if (role !== undefined && isOneself(actor, id)) {
        throw new ConflictError('You cannot change your own role. Another admin can.');
      }
      return store.transaction(async ({ users, history }) => {
        const user = await users.change(id, {
          ...(name !== undefined && { name }),
          ...(role !== undefined && { role }),
        });
        if (user === null) throw unknownUser(id);
        const detail = role === undefined ? `user ${id} has another name` : `user ${id} is ${role} now`;
        await history.append([userEntry('user-changed', { actor, id, role: user.role, detail })]);
        return mapUser(user);
      });
    },

    async removeUser({ id, actor }) {
      if (isOneself(actor, id)) throw new ConflictError('You cannot remove yourself. Another admin can.');
      await store.transaction(async ({ users, history }) => {
        const user = await users.find(id);
        if (user === null || !(await users.remove(id))) throw unknownUser(id);
        await history.append([
          userEntry('user-removed', { actor, id, role: user.role, detail: `user ${id} was removed` }),
        ]);
      });
    },

    async inviteUser({ id, actor }) {
      const { code, hash } = createInvitationCode();
      return store.transaction(async ({ users, history }) => {
        const user = await users.change(id, { invitationHash: hash, invitationExpiresAt: expiry() });
        if (user === null) throw unknownUser(id);
        const detail = `user ${id} was invited to choose a password`;
        await history.append([userEntry('user-invited', { actor, id, role: user.role, detail })]);
        return describe(user, { code });
      });
    },

    findUser: (id) => store.users.find(id),

    async findProxyUser({ id, newUsers }) {
      const known = await store.users.find(id);
      if (known !== null || newUsers === null || reservedIds.includes(id)) return known;
      await store.transaction(async ({ users, history }) => {
        const user = { id, name: id, role: newUsers, invitationHash: null, invitationExpiresAt: null };
        if (!(await users.add({ user, mayReturn: false }))) return;
        const actor: Actor = { kind: 'user', id };
        const detail = `user ${id} was added as ${newUsers}, signed in by the proxy`;
        await history.append([userEntry('user-added', { actor, id, role: newUsers, detail })]);
      });
      return store.users.find(id);
    },

    async see(user) {
      const at = now();
      if (user.lastSeenAt !== null && at.getTime() - Date.parse(user.lastSeenAt) < SEEN_AGAIN_MS) return;
      // In a transaction, which a full disk refuses in time. What is not noted now is noted the next time.
      await store.transaction(({ users }) => users.see(user.id, at)).catch(() => undefined);
    },
  };
}

export function mapUser({ id, name, role, createdAt, lastSeenAt, passwordHash }: StoredUser): User {
  const state = passwordHash === null && lastSeenAt === null ? 'invited' : 'active';
  return { id, name, role, state, createdAt, lastSeenAt };
}

const isOneself = (actor: Actor, id: string) => actor.kind === 'user' && actor.id === id;

function assertFree(id: string): void {
  if (!reservedIds.includes(id)) return;
  throw new InputError({ message: `The id "${id}" is used by Switchboard itself. Choose another one.` });
}

const unknownUser = (id: string) =>
  new NotFoundError(`There is no user "${id}". GET /v1/users and "switchboard user list" show the users.`);

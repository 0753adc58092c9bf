import { sha256 } from '../base/hash.ts';
import { NotFoundError } from '../errors.ts';
import { userEntry } from './entries.ts';
import { assertPassword, hashPassword, isPassword } from './password.ts';
import type { People, PeopleContext } from './people.ts';

type InvitationKeys = 'findInvited' | 'acceptInvitation' | 'checkPassword';

export function createInvitations({ store, now }: PeopleContext): Pick<People, InvitationKeys> {
  const findInvited: People['findInvited'] = async (code) => {
    const user = await store.users.findInvited(sha256(code));
    return Date.parse(user?.invitationExpiresAt ?? '') > now().getTime() ? user : null;
  };

  return {
    findInvited,

    async acceptInvitation({ code, password }) {
      const invited = await findInvited(code);
      if (invited === null) throw unknownInvitation();
      assertPassword(password, { userId: invited.id });
      // Before the transaction: it takes a quarter of a second, and the embedded store has one connection.
      const passwordHash = await hashPassword(password);
      return store.transaction(async ({ users, history }) => {
        const user = await users.acceptInvitation({ invitationHash: sha256(code), passwordHash, now: now() });
        if (user === null) throw unknownInvitation();
        const actor = { kind: 'user', id: user.id } as const;
        const detail = `user ${user.id} chose a password`;
        await history.append([userEntry('password-chosen', { actor, id: user.id, role: user.role, detail })]);
        return user;
      });
    },

    async checkPassword({ id, password }) {
      const user = await store.users.find(id);
      return (await isPassword(password, user?.passwordHash ?? null)) ? user : null;
    },
  };
}

const unknownInvitation = () =>
  new NotFoundError(
    'This invitation is not known: it was used, replaced by a newer one, or is too old. Ask for another.',
  );

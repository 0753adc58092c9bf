// Who may use an installation: named users, whom an invitation lets choose a password, and tokens of integrations.
import type { Actor } from '../base/actor.ts';
import type { Clock } from '../base/clock.ts';
import type { Role } from '../base/role.ts';
import type { Store, StoredToken, StoredUser } from '../store/store.ts';
import { createInvitations } from './invitations.ts';
import { createTokens } from './manage-tokens.ts';
import { createUsers } from './manage-users.ts';

export type PeopleContext = {
  readonly store: Pick<Store, 'users' | 'tokens' | 'transaction'>;
  readonly now: Clock;
};

/** What is shown of a user. */
export type User = Pick<StoredUser, 'id' | 'name' | 'role' | 'createdAt' | 'lastSeenAt'> & {
  /** `invited`: has never been here and has no password yet. */
  readonly state: 'invited' | 'active';
};
export type Token = Omit<StoredToken, 'hash'>;

/** `code` is not stored and cannot be shown again. */
export type Invitation = { readonly code: string; readonly expiresAt: string };
export type InvitedUser = { readonly user: User; readonly invitation: Invitation };

export type People = {
  listUsers(): Promise<readonly User[]>;
  /** Throws ConflictError when there is a user with this id. */
  addUser(request: { id: string; name?: string; role: Role; actor: Actor }): Promise<InvitedUser>;
  /** Throws NotFoundError, and ConflictError for taking one's own role. */
  changeUser(request: { id: string; name?: string; role?: Role; actor: Actor }): Promise<User>;
  /** Ends the sessions of the user, too. Throws NotFoundError, and ConflictError for oneself. */
  removeUser(request: { id: string; actor: Actor }): Promise<void>;
  /** Makes a new invitation, also for a forgotten password; the one before ends. Throws NotFoundError. */
  inviteUser(request: { id: string; actor: Actor }): Promise<InvitedUser>;
  findUser(id: string): Promise<StoredUser | null>;
  /** The user that a proxy has signed in, who is added with `newUsers` as role; null when nobody may be added. */
  findProxyUser(request: { id: string; newUsers: Role | null }): Promise<StoredUser | null>;
  /** Remembers that the user is here, once in some minutes. */
  see(user: StoredUser): Promise<void>;

  /** The user whom an invitation is for; null when it is unknown, used or expired. */
  findInvited(code: string): Promise<StoredUser | null>;
  /** Sets the password and ends the invitation. Throws NotFoundError, and InputError for a weak password. */
  acceptInvitation(request: { code: string; password: string }): Promise<StoredUser>;
  /** The user with this password; null when there is none. Takes the same time in both cases. */
  checkPassword(request: { id: string; password: string }): Promise<StoredUser | null>;

  listTokens(): Promise<readonly Token[]>;
  /** `secret` is not stored and cannot be shown again. Throws ConflictError when the name is taken. */
  addToken(request: { name: string; role: Role; actor: Actor }): Promise<{ token: Token; secret: string }>;
  /** Throws NotFoundError when there is no token with this id or name. */
  removeToken(request: { idOrName: string; actor: Actor }): Promise<void>;
  /** Null for a secret of no token. */
  findToken(secret: string): Promise<StoredToken | null>;
  findTokenByName(name: string): Promise<StoredToken | null>;
};

export function createPeople(context: PeopleContext): People {
  return { ...createUsers(context), ...createInvitations(context), ...createTokens(context) };
}

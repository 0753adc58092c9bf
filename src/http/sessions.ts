// Sessions of browsers that signed in. Each has a random id, and only the hash of the id is stored.
import { randomBytes } from 'node:crypto';
import type { Actor } from '../base/actor.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { sha256 } from '../base/hash.ts';
import type { SessionStore } from '../store/store.ts';
import { isSameSecret } from './access.ts';

export const SESSION_SECONDS = 30 * 24 * 3_600;
const ID_BYTES = 32;
const idForm = new RegExp(`^[0-9a-f]{${2 * ID_BYTES}}$`);

/** A session, and what it was opened with: the token or the stored password. */
export type Session = {
  readonly actor: Actor;
  /** Whether it was opened with this. Replacing a token or a password ends every session that it has opened. */
  wasOpenedWith(secret: string): boolean;
};

export type Sessions = {
  /** Starts a session and returns its id, which only the browser keeps. Also deletes expired sessions. */
  open(session: { actor: Actor; secret: string }): Promise<string>;
  /** Returns the session; null when it is unknown, has expired or was ended. */
  find(id: string): Promise<Session | null>;
  end(id: string): Promise<void>;
};

export function createSessions(options: { store: SessionStore; now?: Clock }): Sessions {
  const { store, now = systemClock } = options;
  return {
    async open({ actor, secret }) {
      const id = randomBytes(ID_BYTES).toString('hex');
      const expiresAt = new Date(now().getTime() + SESSION_SECONDS * 1_000).toISOString();
      await store.removeExpired(now());
      await store.add({ hash: sha256(id), actor, tokenFingerprint: fingerprintOf(secret), expiresAt });
      return id;
    },

    async find(id) {
      if (!idForm.test(id)) return null;
      const session = await store.find(sha256(id));
      if (session === null || Date.parse(session.expiresAt) <= now().getTime()) return null;
      const { actor, tokenFingerprint } = session;
      return { actor, wasOpenedWith: (secret) => isSameSecret(tokenFingerprint, fingerprintOf(secret)) };
    },

    async end(id) {
      if (idForm.test(id)) await store.remove(sha256(id));
    },
  };
}

const fingerprintOf = (secret: string): string => sha256(`switchboard session\0${secret}`);

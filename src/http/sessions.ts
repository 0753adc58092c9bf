// Sessions of browsers that signed in with the token. Each has a random id, and only the hash of the id is stored.
import { randomBytes } from 'node:crypto';
import type { Actor } from '../base/actor.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { sha256 } from '../base/hash.ts';
import type { SessionStore } from '../store/store.ts';
import { isSameSecret } from './access.ts';

export const SESSION_SECONDS = 30 * 24 * 3_600;
const ID_BYTES = 32;
const idForm = new RegExp(`^[0-9a-f]{${2 * ID_BYTES}}$`);

export type Sessions = {
  /** Starts a session and returns its id, which only the browser keeps. Also deletes expired sessions. */
  open(actor: Actor): Promise<string>;
  /** Returns the session's actor; null when the session is unknown, has expired, was ended, or used another token. */
  find(id: string): Promise<Actor | null>;
  end(id: string): Promise<void>;
};

export function createSessions(options: { store: SessionStore; token: string; now?: Clock }): Sessions {
  const { store, token, now = systemClock } = options;
  // Replacing the token ends every session: it is replaced when somebody who knows it should lose access.
  const tokenFingerprint = sha256(`switchboard session\0${token}`);

  return {
    async open(actor) {
      const id = randomBytes(ID_BYTES).toString('hex');
      const expiresAt = new Date(now().getTime() + SESSION_SECONDS * 1_000).toISOString();
      await store.removeExpired(now());
      await store.add({ hash: sha256(id), actor, tokenFingerprint, expiresAt });
      return id;
    },

    async find(id) {
      if (!idForm.test(id)) return null;
      const session = await store.find(sha256(id));
      if (session === null || Date.parse(session.expiresAt) <= now().getTime()) return null;
      return isSameSecret(session.tokenFingerprint, tokenFingerprint) ? session.actor : null;
    },

    async end(id) {
      if (idForm.test(id)) await store.remove(sha256(id));
    },
  };
}

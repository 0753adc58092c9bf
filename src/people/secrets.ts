import { randomBytes } from 'node:crypto';
import { sha256 } from '../base/hash.ts';

/** As much as nobody can guess; with so much, a quick hash is enough to store. */
const SECRET_BYTES = 32;
/** By it, programs that look for leaked secrets know whose it is. */
export const TOKEN_PREFIX = 'swb_';

const createSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** The secret of a new token, and what is stored of it. */
export function createTokenSecret(): { readonly secret: string; readonly hash: string } {
  const secret = `${TOKEN_PREFIX}${createSecret()}`;
  return { secret, hash: sha256(secret) };
}

/** The code of a new invitation, and what is stored of it. */
export function createInvitationCode(): { readonly code: string; readonly hash: string } {
  const code = createSecret();
  return { code, hash: sha256(code) };
}

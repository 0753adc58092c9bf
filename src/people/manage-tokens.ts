import { sha256 } from '../base/hash.ts';
import { createId } from '../base/ids.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { StoredToken } from '../store/store.ts';
import { tokenEntry } from './entries.ts';
import type { People, PeopleContext, Token } from './people.ts';
import { createTokenSecret, TOKEN_PREFIX } from './secrets.ts';

/** How exactly it is known when a token was used: not every request writes. */
const USED_AGAIN_MS = 300_000;
/** The history names SWITCHBOARD_TOKEN, and everybody on a server without one, by these. */
const reservedNames: readonly string[] = ['api', 'local'];

type TokenKeys = 'listTokens' | 'addToken' | 'removeToken' | 'findToken' | 'findTokenByName';

export function createTokens({ store, now }: PeopleContext): Pick<People, TokenKeys> {
  return {
    listTokens: async () => (await store.tokens.all()).map(mapToken),

    async addToken({ name, role, actor }) {
      if (reservedNames.includes(name)) {
        throw new InputError({ message: `The name "${name}" is used by Switchboard itself. Choose another one.` });
      }
      const { secret, hash } = createTokenSecret();
      return store.transaction(async ({ tokens, history }) => {
        if (!(await tokens.add({ id: createId('k'), name, role, hash, by: actor }))) {
          throw new ConflictError(
            `There is a token "${name}" already. Choose another name, or remove that token first.`,
          );
        }
        const token = await tokens.findByHash(hash);
        if (token === null) throw new TypeError('a token is missing in the transaction that added it');
        const detail = `token ${name} was made, as ${role}`;
        await history.append([tokenEntry('token-added', { actor, name, role, detail })]);
        return { token: mapToken(token), secret };
      });
    },

    async removeToken({ idOrName, actor }) {
      await store.transaction(async ({ tokens, history }) => {
        const removed = await tokens.remove(idOrName);
        if (removed === null) {
          throw new NotFoundError(
            `There is no token "${idOrName}". GET /v1/tokens and "switchboard token list" show the tokens.`,
          );
        }
        const { name, role } = removed;
        const detail = `token ${name} was removed`;
        await history.append([tokenEntry('token-removed', { actor, name, role, detail })]);
      });
    },

    async findToken(secret) {
      // Anything else is no token of ours, and needs no look into the store.
      if (!secret.startsWith(TOKEN_PREFIX)) return null;
      const token = await store.tokens.findByHash(sha256(secret));
      const at = now();
      const isKnownUse = token?.lastUsedAt != null && at.getTime() - Date.parse(token.lastUsedAt) < USED_AGAIN_MS;
      // In a transaction, which a full disk refuses in time. What is not noted now is noted the next time.
      if (token !== null && !isKnownUse)
        await store.transaction(({ tokens }) => tokens.use(token.id, at)).catch(() => undefined);
      return token;
    },

    findTokenByName: (name) => store.tokens.findByName(name),
  };
}

function mapToken({ hash: _, ...token }: StoredToken): Token {
  return token;
}

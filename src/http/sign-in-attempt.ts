import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { People } from '../people/people.ts';
import { type AccessRules, isServerToken } from './access.ts';
import { type sessionBodySchema, userIdSchema } from './contract.ts';
import type { GuessLimits } from './guess-limits.ts';
import { createProblem, sendProblem } from './problem.ts';
import { browserIdentity } from './request-actor.ts';
import type { Sessions } from './sessions.ts';
import { formatSessionCookie, isHttps } from './sign-in.ts';

export type Credentials = z.output<typeof sessionBodySchema>;

/** `sessionId` of the new session; `waitSeconds` where there were too many attempts. */
type Attempted =
  | { readonly kind: 'signed-in'; readonly sessionId: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'limited'; readonly waitSeconds: number };

export type SignIn = {
  /** Checks a token, or a user and password, and opens a session. Says nothing of whether there is such a user. */
  attempt(request: FastifyRequest, credentials: Credentials): Promise<Attempted>;
  /** Opens a session for a user whose password was just set. Returns its id. */
  open(user: { readonly id: string; readonly passwordHash: string | null }): Promise<string>;
};

export function createSignIn(options: {
  access: AccessRules;
  people: Pick<People, 'checkPassword' | 'findToken' | 'see'>;
  sessions: Sessions;
  limits: GuessLimits;
}): SignIn {
  const { access, people, sessions, limits } = options;
  const open: SignIn['open'] = ({ id, passwordHash }) =>
    sessions.open({ actor: { kind: 'user', id }, secret: passwordHash ?? '' });

  const byToken = async (secret: string): Promise<string | null> => {
    if (isServerToken(secret, access)) return sessions.open({ actor: browserIdentity.actor, secret });
    const token = await people.findToken(secret);
    return token === null ? null : sessions.open({ actor: { kind: 'token', id: token.name }, secret: token.hash });
  };

  return {
    open,
    async attempt({ ip: address }, credentials) {
      if ('token' in credentials) {
        const sessionId = await byToken(credentials.token.trim());
        if (sessionId !== null) return { kind: 'signed-in', sessionId };
        const waitSeconds = limits.countWrong(address);
        return waitSeconds === null ? { kind: 'wrong' } : { kind: 'limited', waitSeconds };
      }
      const attempt = { user: credentials.user.trim().toLowerCase(), address };
      const waitSeconds = limits.start(attempt);
      if (waitSeconds !== null) return { kind: 'limited', waitSeconds };
      // What no user can be called is checked as well, so that it takes as long.
      const id = userIdSchema.safeParse(attempt.user).data ?? '';
      const user = await people.checkPassword({ id, password: credentials.password }).catch((error: unknown) => {
        limits.cancel(attempt);
        throw error;
      });
      if (user === null) return { kind: 'wrong' };
      limits.succeed(attempt);
      await people.see(user);
      return { kind: 'signed-in', sessionId: await open(user) };
    },
  };
}

export function startSession(request: FastifyRequest, reply: FastifyReply, sessionId: string): FastifyReply {
  return reply.header('set-cookie', formatSessionCookie({ sessionId, isHttps: isHttps(request) }));
}

/** The response to somebody who has guessed too often. */
export function refuseGuesses(reply: FastifyReply, { waitSeconds }: { waitSeconds: number }): FastifyReply {
  const minutes = Math.ceil(waitSeconds / 60);
  const detail = `Too many wrong tokens or passwords were sent. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
  reply.header('retry-after', `${waitSeconds}`);
  return sendProblem(reply, createProblem({ status: 429, code: 'too-many-requests', detail }));
}

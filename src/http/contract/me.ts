import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { roles } from '../../base/role.ts';

export const roleSchema = z
  .enum(roles)
  .describe(
    'viewer: reads. agent: also posts tickets and gives feedback. lead: also approves feedback and changes examples. admin: everything.',
  );

/** How somebody is known: `none` on a server without a token, where everybody on this machine is an admin. */
export const signInKinds = ['none', 'token', 'password', 'proxy'] as const;

export const meSchema = z.object({
  actor: actorSchema.describe('Who the history names for what you do.'),
  name: z.string().describe('A display name.'),
  role: roleSchema,
  signedInBy: z
    .enum(signInKinds)
    .describe('`none` on a server without a token, which lets everybody on its own machine do everything.'),
  learning: z.enum(['immediate', 'review']).describe('Whether corrections are learned at once or wait for a lead.'),
  version: z.string().describe('Version of Switchboard.'),
  engineStart: z
    .object({ done: z.number(), total: z.number().nullable() })
    .nullable()
    .describe('How far the engine is while it starts, when tickets wait; null once it is ready.'),
  company: z.string().nullable().describe('Name of the company in the taxonomy; null where there is none.'),
});

/** The longest password: hashing takes the same time for any length, and this is more than anybody types. */
const MAX_PASSWORD_LENGTH = 500;

export const sessionBodySchema = z.union(
  [
    z.strictObject({ token: z.string().min(1).max(1_000) }),
    z.strictObject({ user: z.string().min(1).max(200), password: z.string().min(1).max(MAX_PASSWORD_LENGTH) }),
  ],
  { error: 'must be {"token": "…"} or {"user": "…", "password": "…"}' },
);

export const newPasswordSchema = z.strictObject({
  password: z.string().min(1).max(MAX_PASSWORD_LENGTH).describe('At least 12 characters.'),
});

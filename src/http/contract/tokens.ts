import { z } from 'zod';
import { actorSchema } from '../../base/actor.ts';
import { roleSchema } from './me.ts';

export const tokenNameSchema = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'must be a short name such as nightly-import: letters, digits and . _ - only',
  )
  .describe('Names the integration. The history shows it for what is done with the token.');

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe('To a few minutes; null when it was never used.'),
  by: actorSchema.describe('Who made it.'),
});

export const tokenListSchema = z.object({ items: z.array(tokenSchema).readonly() });

export const newTokenSchema = z.strictObject({ name: tokenNameSchema, role: roleSchema });

export const createdTokenSchema = z.object({
  token: tokenSchema,
  secret: z.string().describe('What the integration sends as "Authorization: Bearer …". It is shown only now.'),
});

export const tokenParamsSchema = z.object({
  id: z.string().min(1).max(200).describe('The id of the token, or its name.'),
});
